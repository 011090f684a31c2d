import { Button, Code, Stack, Table, Text, Title } from "@mantine/core";
import { useState } from "react";
import type { AnswerOf } from "../../api.ts";
import { DataTable } from "../../ui/data-table.tsx";
import { countText } from "../../ui/numbers.ts";
import { Section } from "../../ui/section.tsx";
import { State } from "../../ui/state.tsx";
import { shapeText } from "./shape-text.ts";

type Version = AnswerOf<"getModel">;
type Field = NonNullable<Version["signature"]>["inputs"][number];

const pageRows = 50;

/** What a version takes and gives, and a sample of both where there is one. */
export function SignatureTable({ version: { signature, sample } }: { version: Version }) {
  return (
    <Section title="Signature">
      {signature === null ? (
        <Text size="sm" c="dimmed">
          It is not known what it takes: the files do not say it, and nobody did at the registration.
        </Text>
      ) : (
        <Stack>
          <FieldsTable title="Inputs" fields={signature.inputs} />
          {signature.outputs === null ? null : <FieldsTable title="Outputs" fields={signature.outputs} />}
          {signature.params === undefined ? null : <ParamsTable params={signature.params} />}
        </Stack>
      )}
      {sample?.input === undefined ? null : <Sample title="Sample input" text={sample.input} />}
      {sample?.output === undefined ? null : <Sample title="Sample output" text={sample.output} />}
    </Section>
  );
}

function FieldsTable({ title, fields }: { title: string; fields: readonly Field[] }) {
  const [shown, setShown] = useState(pageRows);
  return (
    <Stack gap={4}>
      <Title order={3}>{title}</Title>
      <DataTable label={title} minWidth={380} columns={["Name", "Type", "Shape", "Personal data"]}>
        {fields.slice(0, shown).map((field, place) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: fields never move, and may have no name
          <Table.Tr key={place}>
            <Table.Td>{field.name ?? "–"}</Table.Td>
            <Table.Td>{field.type}</Table.Td>
            <Table.Td>{shapeText(field.shape)}</Table.Td>
            <Table.Td>{field.pii === true ? <State word="Not recorded" color="orange" /> : "–"}</Table.Td>
          </Table.Tr>
        ))}
      </DataTable>
      {fields.length > shown ? (
        <Button variant="default" size="xs" w="fit-content" onClick={() => setShown(shown + 10 * pageRows)}>
          Show more of {countText(fields.length)}
        </Button>
      ) : null}
    </Stack>
  );
}

/** What requests may set beside their rows. */
function ParamsTable({ params }: { params: NonNullable<NonNullable<Version["signature"]>["params"]> }) {
  const title = "Parameters of requests";
  return (
    <Stack gap={4}>
      <Title order={3}>{title}</Title>
      <DataTable label={title} minWidth={380} columns={["Name", "Type", "Shape", "Default"]}>
        {params.map((param) => (
          <Table.Tr key={param.name}>
            <Table.Td>{param.name}</Table.Td>
            <Table.Td>{param.type}</Table.Td>
            <Table.Td>{shapeText(param.shape)}</Table.Td>
            <Table.Td style={{ overflowWrap: "anywhere" }}>{JSON.stringify(param.default)}</Table.Td>
          </Table.Tr>
        ))}
      </DataTable>
    </Stack>
  );
}

/** Characters of a sample that are shown. */
const longest = 4_000;

function Sample({ title, text }: { title: string; text: string }) {
  return (
    <Stack gap={4}>
      <Title order={3}>{title}</Title>
      <Code block tabIndex={0} mah={240} style={{ overflow: "auto", whiteSpace: "pre-wrap" }}>
        {text.length > longest ? `${text.slice(0, longest)}…` : text}
      </Code>
    </Stack>
  );
}
