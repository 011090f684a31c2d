import { Button, Group, NativeSelect, Stack, Text, TextInput } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { ask } from "../../api.ts";
import { CopyAs } from "../../ui/copy-as.tsx";
import { Dialog } from "../../ui/dialog.tsx";
import { Loaded } from "../../ui/loaded.tsx";
import { Differences } from "./differences.tsx";
import type { Service } from "./history.ts";
import type { RollOut } from "./use-roll-out.ts";

/** Goes back to an earlier revision; what that means is said before it is done. */
export function RollBack({
  service: { name, revision },
  earlier,
  to,
  modelsOf,
  rollOut,
  onTo,
  onClose,
}: {
  service: Service;
  /** Revisions to choose from, newest first. */
  earlier: readonly number[];
  to: number;
  /** What a revision ran, as far as that is known. */
  modelsOf: (revision: number) => string | undefined;
  rollOut: RollOut;
  onTo: (to: number) => void;
  onClose: () => void;
}) {
  const [reason, setReason] = useState("");
  const plan = useQuery(ask("rollBackService", { name, to, dryRun: true }));
  const input = { name, to, ...(reason.trim() === "" ? {} : { reason: reason.trim() }) };
  const start = () => {
    rollOut.forget();
    rollOut.rollBack.mutate(input);
    onClose();
  };
  return (
    <Dialog onClose={onClose} title={`Roll ${name} back?`}>
      <Stack gap="md">
        <NativeSelect
          label="Revision to go back to"
          data={earlier.map((number) => ({ value: String(number), label: labelOf(number, modelsOf(number)) }))}
          value={String(to)}
          onChange={({ currentTarget }) => onTo(Number(currentTarget.value))}
        />
        <Loaded query={plan}>
          {({ differences }) => (
            <>
              <Text size="sm">
                The image and the settings of revision {to} answer again, as a new revision in place of revision{" "}
                {revision}. What is in work is finished: no request is lost. URL, keys and records stay.
              </Text>
              {differences.length === 0 ? (
                <Text size="sm">Nothing differs between the two.</Text>
              ) : (
                <Differences differences={differences} />
              )}
            </>
          )}
        </Loaded>
        <TextInput
          label="Reason"
          description="Why, for the history"
          maxLength={2000}
          value={reason}
          onChange={({ currentTarget }) => setReason(currentTarget.value)}
        />
        <Group gap="xs">
          <Button color="orange" disabled={plan.data === undefined} onClick={start}>
            Roll back
          </Button>
          <Button variant="default" onClick={onClose}>
            Cancel
          </Button>
          <CopyAs operation="rollBackService" input={input} />
        </Group>
      </Stack>
    </Dialog>
  );
}

const labelOf = (revision: number, models: string | undefined): string =>
  models === undefined ? `Revision ${revision}` : `Revision ${revision}: ${models}`;
