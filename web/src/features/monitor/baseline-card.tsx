import { Button, Code, Text } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { useChange } from "../../api.ts";
import { useMay } from "../../session.ts";
import { Confirm } from "../../ui/confirm.tsx";
import { Dialog } from "../../ui/dialog.tsx";
import { Fields } from "../../ui/fields.tsx";
import { OperationForm } from "../../ui/form/operation-form.tsx";
import { countText } from "../../ui/numbers.ts";
import { Section } from "../../ui/section.tsx";
import { shellWord } from "../../ui/shell-word.ts";
import { absoluteText, Time } from "../../ui/time.tsx";
import type { DriftReport } from "./drift-words.ts";

type Source = NonNullable<DriftReport["baseline"]["inputs"]>;

/** What a service is compared with, and what can be done about it. */
export function BaselineCard({ service, baseline }: { service: string; baseline: DriftReport["baseline"] }) {
  const { inputs, predictions } = baseline;
  const isOwn = inputs?.of === `services/${service}` || predictions?.of === `services/${service}`;
  return (
    <Section
      title="Baseline"
      actions={
        <>
          <SetBaseline service={service} />
          {isOwn ? <RemoveBaseline service={service} /> : null}
        </>
      }
    >
      <Fields
        entries={[
          ["Inputs", inputs === null ? "none" : <SourceText key="inputs" source={inputs} />],
          ["Predictions", predictions === null ? "none" : <SourceText key="predictions" source={predictions} />],
        ]}
      />
    </Section>
  );
}

function SourceText({ source: { of, file, since, until, rows, columns, createdAt, createdBy } }: { source: Source }) {
  return (
    <>
      {countText(rows)} rows, {countText(columns)} columns of {of},{" "}
      {file === null ? (
        `${absoluteText(since ?? 0)} to ${absoluteText(until ?? 0)}`
      ) : (
        <>
          file <Code title={file}>{file.slice(0, 12)}</Code>
        </>
      )}
      , set <Time at={createdAt} /> by {createdBy}
    </>
  );
}

/** A window of the service's own past; a file goes by the command line, which reads and uploads it. */
export function SetBaseline({ service }: { service: string }) {
  const [isOpen, { open, close }] = useDisclosure(false);
  const set = useChange("setBaseline");
  const may = useMay();
  if (!may("setBaseline")) return null;
  return (
    <>
      <Button variant="default" size="xs" onClick={open}>
        Set baseline
      </Button>
      <Dialog opened={isOpen} onClose={close} title={`What ${service} is compared with`}>
        <OperationForm
          operation="setBaseline"
          given={{ service }}
          fields={["since", "until"]}
          initial={{ since: "7d" }}
          submit="Set baseline"
          pending={set.isPending}
          error={set.error}
          onSubmit={(input) => set.mutate(input, { onSuccess: close })}
        >
          <Text size="sm">
            A window of its own past goes before the baseline of its model's version until it is removed. To take a file
            instead: <Code>modelyard baseline set {shellWord(service)} --file train.csv</Code>
          </Text>
        </OperationForm>
      </Dialog>
    </>
  );
}

function RemoveBaseline({ service }: { service: string }) {
  const remove = useChange("removeBaseline");
  const may = useMay();
  if (!may("removeBaseline")) return null;
  return (
    <Confirm
      label="Remove"
      title={`Remove the baseline of ${service}?`}
      operation="removeBaseline"
      input={{ service }}
      pending={remove.isPending}
      error={remove.error}
      onConfirm={() => remove.mutateAsync({ service })}
    >
      <Text size="sm">
        The service is compared with the baseline of its model's version again; without one, drift is not watched.
      </Text>
    </Confirm>
  );
}
