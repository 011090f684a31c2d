import { Button, Code, CopyButton, Group, SimpleGrid, Table, Text } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { type AnswerOf, ask } from "../../api.ts";
import { useMay } from "../../session.ts";
import { DataTable } from "../../ui/data-table.tsx";
import { Fields } from "../../ui/fields.tsx";
import { TextLink } from "../../ui/links.tsx";
import { bytesText, durationText } from "../../ui/numbers.ts";
import { Section } from "../../ui/section.tsx";
import { State } from "../../ui/state.tsx";
import { absoluteText, Time } from "../../ui/time.tsx";
import { resendOf } from "./resend.ts";
import { ImageLink, UseLink, VersionLinks } from "./step-links.tsx";
import { useWhereabouts } from "./use-whereabouts.ts";

type RecordDetail = AnswerOf<"getRecord">;

const engines = { python: "Python", onnx: "ONNX", http: "HTTP server" } as const;
const languages = {
  ...{ azure: "Azure ML", inference: "Open Inference Protocol", mlflow: "MLflow", upstream: "the upstream's own" },
} as const;

/** Who asked what, when, and what answered. */
export function RecordFacts({ record }: { record: RecordDetail }) {
  const { id, correlationId, traceId, status, at, durationMs, caller, service, revision, models } = record;
  return (
    <SimpleGrid cols={{ base: 1, md: 2 }}>
      <Section title="Request" actions={<Resend record={record} />}>
        <Fields
          entries={[
            ["Status", <StatusWord key="status" status={status} />],
            [
              "At",
              <span key="at">
                {absoluteText(at)} (<Time at={at} />)
              </span>,
            ],
            ["Took", durationText(durationMs)],
            ["Caller", caller ?? "no key was needed"],
            ["Language", record.language === null ? undefined : languages[record.language]],
            ["Body", bytesText(record.bodySize)],
            ["Answer", bytesText(record.answerSize)],
            ["Request id", <Code key="id">{id}</Code>],
            [
              "Correlation id",
              correlationId === id ? undefined : (
                <TextLink key="correlation" inherit to="/monitor/records" search={{ correlationId }}>
                  {correlationId}
                </TextLink>
              ),
            ],
            [
              "Trace",
              <TextLink key="trace" inherit to="/monitor/records" search={{ traceId }}>
                {traceId}
              </TextLink>,
            ],
          ]}
        />
      </Section>
      <Section title="What answered">
        <Fields
          entries={[
            [
              "Service",
              <Group key="service" gap="xs">
                <UseLink service={service} />
                <TextLink inherit to="/monitor/records" search={{ service }}>
                  its records
                </TextLink>
              </Group>,
            ],
            ["Revision", String(revision)],
            ["Models", models.length === 0 ? "none" : <VersionLinks key="models" models={models} />],
            ["Image", <ImageLink key="image" digest={record.image} />],
            ["Engine", record.engine === null ? "not known: its image is gone" : engines[record.engine]],
            ["Mirror", record.mirrored ? "A mirroring revision answered; no client got it." : undefined],
          ]}
        />
        <Files files={record.files} />
      </Section>
    </SimpleGrid>
  );
}

const StatusWord = ({ status }: { status: number }) => (
  <State word={String(status)} color={status >= 500 ? "red" : status >= 400 ? "yellow" : "green"} />
);

function Files({ files }: { files: RecordDetail["files"] }) {
  if (files.length === 0) return <Text size="sm">No files are known: an upstream answered, or the image is gone.</Text>;
  return (
    <DataTable label="Files that made the answer" columns={["File", "SHA-256"]} minWidth={320}>
      {files.map(({ path, digest }) => (
        <Table.Tr key={path}>
          <Table.Td>{path}</Table.Td>
          <Table.Td>
            <Group gap="xs" wrap="nowrap">
              <Code title={digest} style={{ whiteSpace: "nowrap" }}>
                {digest.slice(0, 16)}…
              </Code>
              <CopyButton value={digest}>
                {({ copied, copy }) => (
                  <Button variant="subtle" size="compact-xs" onClick={copy} aria-label={`Copy the digest of ${path}`}>
                    {copied ? "Copied" : "Copy"}
                  </Button>
                )}
              </CopyButton>
            </Group>
          </Table.Td>
        </Table.Tr>
      ))}
    </DataTable>
  );
}

/** A button that copies the request as curl sends it again. */
function Resend({ record }: { record: RecordDetail }) {
  const may = useMay();
  const isHere = useWhereabouts(record.service) === "here";
  const service = useQuery({ ...ask("getService", { name: record.service }), enabled: isHere && may("getService") });
  if (service.data === undefined) return null;
  const { scoringUri, settings } = service.data;
  const command = resendOf(record, { scoringUri, needsKey: settings.auth !== "none" });
  return (
    <CopyButton value={command ?? ""}>
      {({ copied, copy }) => (
        <Button
          variant="default"
          size="xs"
          disabled={command === undefined}
          title={command === undefined ? "Its body was cut, or is no text" : "The key is read from the variable KEY"}
          onClick={copy}
        >
          {copied ? "Copied" : "Copy request as curl"}
        </Button>
      )}
    </CopyButton>
  );
}
