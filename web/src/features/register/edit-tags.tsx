import { Button, Group, Stack, Text } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { type ReactNode, useState } from "react";
import { ErrorCard } from "../../ui/error-card.tsx";
import { PairsInput } from "../../ui/form/pairs-input.tsx";
import { Section } from "../../ui/section.tsx";
import { Tags } from "../../ui/tags.tsx";
import { changesOfPairs } from "./pairs.ts";

type Changes = ReturnType<typeof changesOfPairs>;

/** Tags, shown, and edited in place by who may. */
export function EditTags({
  tags,
  mayEdit,
  pending,
  error,
  onSave,
  copyAs,
}: {
  tags: Record<string, string>;
  mayEdit: boolean;
  pending: boolean;
  error: unknown;
  onSave: (changes: Changes) => Promise<unknown>;
  /** The button that copies what saving would ask. */
  copyAs: (changes: Changes) => ReactNode;
}) {
  const [isOpen, { open, close }] = useDisclosure(false);
  const [draft, setDraft] = useState(tags);
  const changes = changesOfPairs(tags, draft);
  return (
    <Section
      title="Tags"
      actions={
        mayEdit && !isOpen ? (
          <Button
            variant="default"
            size="xs"
            onClick={() => {
              setDraft(tags);
              open();
            }}
          >
            Edit tags
          </Button>
        ) : null
      }
    >
      {isOpen ? (
        <form
          onSubmit={(event) => {
            event.preventDefault();
            void onSave(changes).then(close, () => {});
          }}
        >
          <Stack gap="sm">
            <PairsInput
              label="Tags"
              description="A key with a value; the value may be empty"
              error={undefined}
              value={draft}
              onChange={setDraft}
            />
            {error === null ? null : <ErrorCard error={error} />}
            <Group gap="xs">
              <Button type="submit" size="xs" loading={pending}>
                Save tags
              </Button>
              <Button variant="default" size="xs" onClick={close}>
                Cancel
              </Button>
              {copyAs(changes)}
            </Group>
          </Stack>
        </form>
      ) : Object.keys(tags).length === 0 ? (
        <Text size="sm" c="dimmed">
          None yet.
        </Text>
      ) : (
        <Tags tags={tags} />
      )}
    </Section>
  );
}
