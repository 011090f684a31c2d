import { Box, Button, FileButton, Text } from "@mantine/core";
import { type DragEvent, useState } from "react";

/** A place to drop one file on, and a button that chooses one for those who do not drag. */
export function FileDrop({
  label,
  accept,
  pending,
  onFile,
}: {
  /** What is dropped here, such as: a CSV or JSONL file. */
  label: string;
  accept: string;
  pending: boolean;
  onFile: (file: File) => void;
}) {
  const [isOver, setOver] = useState(false);
  const over = (event: DragEvent) => {
    event.preventDefault();
    setOver(true);
  };
  return (
    <Box
      p="md"
      ta="center"
      style={{
        border: `1px dashed ${isOver ? "var(--mantine-primary-color-filled)" : "var(--mantine-color-default-border)"}`,
        borderRadius: "var(--mantine-radius-md)",
      }}
      onDragOver={over}
      onDragLeave={() => setOver(false)}
      onDrop={(event) => {
        event.preventDefault();
        setOver(false);
        const [file] = event.dataTransfer.files;
        if (file !== undefined && !pending) onFile(file);
      }}
    >
      <Text size="sm" mb="xs">
        Drop {label} here
      </Text>
      <FileButton accept={accept} onChange={(file) => file !== null && onFile(file)}>
        {(props) => (
          <Button {...props} variant="default" size="xs" loading={pending}>
            Choose a file
          </Button>
        )}
      </FileButton>
    </Box>
  );
}
