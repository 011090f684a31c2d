import { Button, Group, Stack, Text, Textarea } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { type ReactNode, useState } from "react";
import { ErrorCard } from "../../ui/error-card.tsx";
import { Markdown } from "../../ui/markdown.tsx";
import { Section } from "../../ui/section.tsx";

/** Characters a description has at most, as the contract says. */
const longest = 20_000;

/** A description in Markdown, shown, and edited in place by who may. */
export function EditDescription({
  text,
  mayEdit,
  pending,
  error,
  onSave,
  copyAs,
}: {
  text: string | null;
  mayEdit: boolean;
  pending: boolean;
  error: unknown;
  /** Null takes it away. */
  onSave: (text: string | null) => Promise<unknown>;
  /** The button that copies what saving would ask. */
  copyAs: (text: string | null) => ReactNode;
}) {
  const [isOpen, { open, close }] = useDisclosure(false);
  return (
    <Section
      title="Description"
      actions={
        mayEdit && !isOpen ? (
          <Button variant="default" size="xs" onClick={open}>
            Edit description
          </Button>
        ) : null
      }
    >
      {isOpen ? (
        <Editor
          {...{ text, pending, error, copyAs, close }}
          onSave={(text) => void onSave(text).then(close, () => {})}
        />
      ) : text === null || text === "" ? (
        <Text size="sm" c="dimmed">
          Nobody has described it yet.
        </Text>
      ) : (
        <Markdown text={text} />
      )}
    </Section>
  );
}

function Editor({
  text,
  pending,
  error,
  onSave,
  copyAs,
  close,
}: {
  text: string | null;
  pending: boolean;
  error: unknown;
  onSave: (text: string | null) => void;
  copyAs: (text: string | null) => ReactNode;
  close: () => void;
}) {
  const [draft, setDraft] = useState(text ?? "");
  const wanted = draft.trim() === "" ? null : draft;
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        onSave(wanted);
      }}
    >
      <Stack gap="sm">
        <Textarea
          label="Text"
          description="Markdown. Empty takes the description away."
          value={draft}
          onChange={(event) => setDraft(event.currentTarget.value)}
          maxLength={longest}
          autosize
          minRows={4}
          maxRows={24}
          data-autofocus
        />
        {wanted === null ? null : (
          <Stack gap={4}>
            <Text size="sm" c="dimmed">
              Preview
            </Text>
            <Markdown text={wanted} />
          </Stack>
        )}
        {error === null ? null : <ErrorCard error={error} />}
        <Group gap="xs">
          <Button type="submit" size="xs" loading={pending}>
            Save description
          </Button>
          <Button variant="default" size="xs" onClick={close}>
            Cancel
          </Button>
          {copyAs(wanted)}
        </Group>
      </Stack>
    </form>
  );
}
