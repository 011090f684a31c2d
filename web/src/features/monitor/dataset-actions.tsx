import { Button, Text } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { useNavigate } from "@tanstack/react-router";
import { type AnswerOf, useChange } from "../../api.ts";
import { useMay } from "../../session.ts";
import { addressOf } from "../../ui/address-of.ts";
import { Confirm } from "../../ui/confirm.tsx";
import { ProgressLines } from "../../ui/progress-lines.tsx";
import { useProgressLines } from "./create-dataset.tsx";

type Detail = AnswerOf<"getDataset">;

/** Download, rebuild and delete. */
export function DatasetActions({ dataset: { name, digest, state } }: { dataset: Detail }) {
  const may = useMay();
  const which = { name, digest };
  return (
    <>
      {state === "ready" ? (
        <Button component="a" size="xs" href={addressOf("downloadDataset", which)} download>
          Download
        </Button>
      ) : null}
      {may("rebuildDataset") ? <Rebuild which={which} /> : null}
      {may("deleteDataset") ? <Delete which={which} /> : null}
    </>
  );
}

function Rebuild({ which }: { which: { name: string; digest: string } }) {
  const { lines, clear, onProgress } = useProgressLines();
  const rebuild = useChange("rebuildDataset", { onProgress });
  const navigate = useNavigate();
  return (
    <Confirm
      label="Rebuild"
      title={`Ask the query of ${which.name} again?`}
      operation="rebuildDataset"
      input={which}
      pending={rebuild.isPending}
      error={rebuild.error}
      color="cyan"
      onConfirm={async () => {
        clear();
        const { name, digest, created } = await rebuild.mutateAsync(which);
        if (!created) notifications.show({ message: "The same rows are there already: nothing new was kept" });
        await navigate({ to: "/monitor/datasets/$name", params: { name }, search: { digest: digest.slice(0, 12) } });
      }}
    >
      <Text size="sm">
        What it gives now has its own digest and stands beside this one: labels may have come, records may be gone.
      </Text>
      {lines.length === 0 ? null : <ProgressLines lines={lines} label="Progress" />}
    </Confirm>
  );
}

function Delete({ which }: { which: { name: string; digest: string } }) {
  const remove = useChange("deleteDataset");
  const navigate = useNavigate();
  return (
    <Confirm
      label="Delete"
      title={`Delete ${which.name}@${which.digest.slice(0, 12)}?`}
      operation="deleteDataset"
      input={which}
      pending={remove.isPending}
      error={remove.error}
      onConfirm={async () => {
        await remove.mutateAsync(which);
        await navigate({ to: "/monitor/datasets" });
      }}
    >
      <Text size="sm">
        Its description goes with its bytes. One that a version was trained on is not deleted. The records stay; the
        same query gives the same file again while they are there.
      </Text>
    </Confirm>
  );
}
