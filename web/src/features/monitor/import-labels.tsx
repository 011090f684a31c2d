import { Alert, Stack, Text } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { type AnswerOf, client } from "../../api.ts";
import { useMay } from "../../session.ts";
import { CopyText } from "../../ui/copy-text.tsx";
import { ErrorCard } from "../../ui/error-card.tsx";
import { FileDrop } from "../../ui/file-drop.tsx";
import { countText } from "../../ui/numbers.ts";
import { Section } from "../../ui/section.tsx";

/** Labels from a file: CSV with a header, or JSON lines; it is streamed to the server as it is. */
export function ImportLabels({ service }: { service: string | undefined }) {
  const queries = useQueryClient();
  const bring = useMutation({
    mutationFn: ({ service, file }: { service: string; file: File }) =>
      client.importLabels({ service, format: /\.jsonl?$/i.test(file.name) ? "jsonl" : "csv" }, { body: file }),
    onSettled: () => queries.invalidateQueries(),
  });
  const may = useMay();
  if (!may("importLabels")) return null;
  return (
    <Section title="Import labels">
      <Text size="sm">
        A CSV file with a header, or JSON lines, with id (the request id), value, and where a request had many rows,
        row.
      </Text>
      {service === undefined ? (
        <Text size="sm">Choose the service above whose requests it is about.</Text>
      ) : (
        <Stack gap="xs">
          <FileDrop
            label={`the labels of ${service}`}
            accept=".csv,.jsonl,.json,text/csv"
            pending={bring.isPending}
            onFile={(file) => bring.mutate({ service, file })}
          />
          <CopyText label="command" text={`modelyard label import truth.csv --service ${service}`} />
        </Stack>
      )}
      {bring.error === null ? null : <ErrorCard error={bring.error} />}
      {bring.data === undefined ? null : <Outcome outcome={bring.data} />}
    </Section>
  );
}

/** What became of labels that were told. */
export const Outcome = ({
  outcome: { added, changed, unchanged, waiting, erased },
}: {
  outcome: AnswerOf<"importLabels">;
}) => (
  <Alert color="green" variant="light" role="status" title={`${countText(added)} labels are new`}>
    <Text size="sm">
      {countText(changed)} replaced another value, {countText(unchanged)} were there already.
      {waiting === 0
        ? ""
        : ` ${countText(waiting)} wait for their record: many that wait mean other ids than the client sent.`}
      {erased === 0 ? "" : ` ${countText(erased)} are of an erased request, and were not kept.`}
    </Text>
  </Alert>
);
