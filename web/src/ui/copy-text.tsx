import { Button, Code, CopyButton, Group } from "@mantine/core";

/** A text to be pasted elsewhere, such as a command, with its button. */
export function CopyText({ text, label }: { text: string; label: string }) {
  return (
    <Group gap="xs" align="flex-start" wrap="nowrap">
      <Code block style={{ flex: 1, minWidth: 0, whiteSpace: "pre-wrap" }} aria-label={label}>
        {text}
      </Code>
      <CopyButton value={text}>
        {({ copied, copy }) => (
          <Button variant="default" size="xs" onClick={copy} aria-label={`Copy ${label}`}>
            {copied ? "Copied" : "Copy"}
          </Button>
        )}
      </CopyButton>
    </Group>
  );
}
