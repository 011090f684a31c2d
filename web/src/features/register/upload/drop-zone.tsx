import { Button, Group, Paper, Stack, Text } from "@mantine/core";
import { useRef, useState } from "react";
import type { ChosenFile } from "./chosen-files.ts";
import { droppedFiles, pickedFiles } from "./dropped-files.ts";

/** Where files and folders are dropped, or chosen by dialogs. */
export function DropZone({ onFiles }: { onFiles: (files: ChosenFile[]) => void }) {
  const [isOver, setOver] = useState(false);
  const picked = useRef<HTMLInputElement>(null);
  const folder = useRef<HTMLInputElement>(null);
  const tell = (files: ChosenFile[]) => {
    if (files.length > 0) onFiles(files);
  };
  return (
    <Paper
      withBorder
      p="xl"
      bg={isOver ? "var(--mantine-primary-color-light)" : undefined}
      style={{ borderStyle: "dashed", borderWidth: 2 }}
      onDragOver={(event) => {
        event.preventDefault();
        setOver(true);
      }}
      onDragLeave={() => setOver(false)}
      onDrop={(event) => {
        event.preventDefault();
        setOver(false);
        void droppedFiles(event.dataTransfer).then(tell);
      }}
    >
      <Stack align="center" gap="sm">
        <Text fw={500} ta="center">
          Drop a model here: a file, several, or a folder
        </Text>
        <Text size="sm" c="dimmed" ta="center">
          A pickle, an ONNX file, a folder that MLflow saved. Pickles are read without being executed. An upload that
          broke off goes on where it stood when the same file is chosen again.
        </Text>
        <Group gap="xs" justify="center">
          <Button onClick={() => picked.current?.click()}>Choose files</Button>
          <input
            ref={picked}
            type="file"
            multiple
            hidden
            aria-label="Files of the model"
            onChange={(event) => tell(pickedFiles(event.currentTarget.files))}
          />
          <Button variant="default" onClick={() => folder.current?.click()}>
            Choose a folder
          </Button>
          <input
            ref={folder}
            type="file"
            hidden
            aria-label="Folder of the model"
            onChange={(event) => tell(pickedFiles(event.currentTarget.files))}
            {...{ webkitdirectory: "" }}
          />
        </Group>
      </Stack>
    </Paper>
  );
}
