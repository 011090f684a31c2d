import { Button } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import { type AnswerOf, useChange } from "../../api.ts";
import { useMay } from "../../session.ts";
import { Dialog } from "../../ui/dialog.tsx";
import { OperationForm } from "../../ui/form/operation-form.tsx";
import { ProgressLines } from "../../ui/progress-lines.tsx";
import { ServiceInput } from "./service-input.tsx";

/** What building a data set tells while it goes on. */
export function useProgressLines() {
  const [lines, setLines] = useState<readonly string[]>([]);
  return {
    lines,
    clear: () => setLines([]),
    onProgress: (event: { event: "step"; message: string } | { event: "log"; line: string }) =>
      setLines((old) => [...old, event.event === "step" ? event.message : event.line]),
  };
}

/** A button that opens the form of a new data set. */
export function CreateDataset({ service }: { service: string | undefined }) {
  const [isOpen, { open, close }] = useDisclosure(false);
  const { lines, clear, onProgress } = useProgressLines();
  const create = useChange("createDataset", { onProgress });
  const navigate = useNavigate();
  const may = useMay();
  if (!may("createDataset")) return null;
  const show = ({ name, digest }: AnswerOf<"createDataset">) => {
    close();
    void navigate({ to: "/monitor/datasets/$name", params: { name }, search: { digest: digest.slice(0, 12) } });
  };
  return (
    <>
      <Button size="xs" onClick={open}>
        New data set
      </Button>
      <Dialog opened={isOpen} onClose={close} title="New data set" size="lg">
        <OperationForm
          operation="createDataset"
          fields={["name", "service", "since", "labels"]}
          more={["until", "model", "sample", "format"]}
          initial={{ since: "30d", ...(service === undefined ? {} : { service }) }}
          inputs={{ service: ServiceInput }}
          submit="Create data set"
          pending={create.isPending}
          error={create.error}
          onSubmit={(input) => {
            clear();
            create.mutate(input, { onSuccess: show });
          }}
        >
          {lines.length === 0 ? null : <ProgressLines lines={lines} label="Progress" />}
        </OperationForm>
      </Dialog>
    </>
  );
}
