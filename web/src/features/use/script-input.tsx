import { FileInput, NativeSelect, Stack, Text } from "@mantine/core";
import { useState } from "react";
import { client } from "../../api.ts";
import { ErrorCard } from "../../ui/error-card.tsx";
import type { FieldInputProps } from "../../ui/form/field-input.tsx";

interface Script {
  entry: string;
  files: { path: string; digest: string; size: number }[];
}

/** An entry script with the files beside it: they are uploaded as soon as they are chosen. */
export function ScriptInput({ label, value, error, onChange }: FieldInputProps) {
  const script = value as Script | undefined;
  const [chosen, setChosen] = useState<File[]>([]);
  const [isBusy, setBusy] = useState(false);
  const [failure, setFailure] = useState<unknown>(null);
  const upload = async (files: File[]) => {
    setChosen(files);
    setFailure(null);
    onChange(undefined);
    if (files.length === 0) return;
    setBusy(true);
    try {
      const uploaded: Script["files"] = [];
      for (const file of files) {
        const body = new Uint8Array(await file.arrayBuffer());
        uploaded.push({ path: file.name, ...(await client.uploadBlob({}, { body, size: body.length })) });
      }
      const entry =
        uploaded.find(({ path }) => path === "score.py") ?? uploaded.find(({ path }) => path.endsWith(".py"));
      onChange({ entry: entry?.path ?? uploaded[0]?.path ?? "", files: uploaded });
    } catch (error) {
      setFailure(error);
    } finally {
      setBusy(false);
    }
  };
  return (
    <Stack gap={4}>
      <FileInput
        label={label}
        description="Python with init() and run(raw_data), and the files beside it, when requests or answers are not the model's own rows"
        error={error}
        multiple
        clearable
        placeholder="Choose files"
        value={chosen}
        onChange={(files) => void upload(files)}
      />
      {isBusy ? <Text size="xs">Uploading …</Text> : null}
      {failure === null ? null : <ErrorCard error={failure} />}
      {script === undefined || script.files.length < 2 ? null : (
        <NativeSelect
          label="Which of them is the entry script"
          data={script.files.map(({ path }) => path).filter((path) => path.endsWith(".py"))}
          value={script.entry}
          onChange={({ currentTarget: { value } }) => onChange({ ...script, entry: value })}
        />
      )}
    </Stack>
  );
}
