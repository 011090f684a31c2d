import { Alert, Stack, Text } from "@mantine/core";
import { CopyText } from "../../ui/copy-text.tsx";

/** A secret that the server keeps no text of, or tells no more: it is shown this once. */
export function Secret({ text, label, children }: { text: string; label: string; children: string }) {
  return (
    <Stack gap="sm">
      <Alert color="yellow" title="Copy it now">
        <Text size="sm">It is not shown again. {children}</Text>
      </Alert>
      <CopyText text={text} label={label} />
    </Stack>
  );
}
