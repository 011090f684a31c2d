import { Button, Group, Stack, Text } from "@mantine/core";
import type { InputOf } from "../../../../src/contract/operations.ts";
import type { Difference } from "../../../../src/contract/update.ts";
import { CopyAs } from "../../ui/copy-as.tsx";
import { Dialog } from "../../ui/dialog.tsx";
import { Differences } from "./differences.tsx";
import type { Service } from "./history.ts";

/** What an update would change, before it is done. */
export function UpdatePlan({
  service: { name, revision },
  differences,
  input,
  onClose,
  onStart,
}: {
  service: Service;
  differences: readonly Difference[];
  input: InputOf<"updateService">;
  onClose: () => void;
  onStart: () => void;
}) {
  const isNothing = differences.length === 0;
  return (
    <Dialog onClose={onClose} title={isNothing ? "Nothing would change" : `Update ${name}?`}>
      <Stack gap="md">
        {isNothing ? (
          <Text size="sm">The service already is as you ask.</Text>
        ) : (
          <>
            <Differences differences={differences} />
            <Text size="sm">
              A new revision starts beside revision {revision} and answers the sample request first. Then it takes all
              traffic, and what is in work is finished: no request is lost. When it fails, nothing changes.
            </Text>
          </>
        )}
        <Group gap="xs">
          {isNothing ? null : (
            <Button onClick={onStart} data-autofocus>
              Update
            </Button>
          )}
          <Button variant="default" onClick={onClose}>
            {isNothing ? "Close" : "Cancel"}
          </Button>
          {isNothing ? null : <CopyAs operation="updateService" input={{ ...input, dryRun: false }} />}
        </Group>
      </Stack>
    </Dialog>
  );
}
