import { Button, Code, Group, List, Stack, Text } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { type AnswerOf, ask } from "../../api.ts";
import { Fields } from "../../ui/fields.tsx";
import { Section } from "../../ui/section.tsx";
import { State } from "../../ui/state.tsx";
import { findingsOf } from "./findings.ts";

type Version = AnswerOf<"getModel">;

/** What was found in the files of a version without executing them. */
export function Scan({ version }: { version: Version }) {
  const { name, version: number, reading, external } = version;
  const history = useQuery(ask("getModelHistory", { name, version: number, pageSize: 1000 }));
  const findings = findingsOf(history.data?.items ?? []);
  return (
    <Section title="What its files show">
      <Group gap="xs">
        {external ? (
          <State word="Not looked through" />
        ) : findings.length > 0 ? (
          <State word="Unsafe, taken by an admin" color="red" />
        ) : (
          <State word="Nothing dangerous found" color="green" />
        )}
        <Text size="sm" c="dimmed">
          {external
            ? "The bytes are not here."
            : "Pickles were read without being executed, before the version was kept. It is a net, not a proof."}
        </Text>
      </Group>
      {findings.length === 0 ? null : (
        <List size="sm">
          {findings.map(({ path, reason }) => (
            <List.Item key={`${path} ${reason}`}>
              {path}: {reason}
            </List.Item>
          ))}
        </List>
      )}
      {reading === null ? null : (
        <Fields
          entries={[
            ["Class", reading.rootClass === null ? null : <Code key="class">{reading.rootClass}</Code>],
            ["Columns", reading.columns],
            ["Classes", reading.classes === null ? null : shortList(reading.classes)],
            ["Imports", reading.globals.length === 0 ? null : <Imports key="imports" globals={reading.globals} />],
          ]}
        />
      )}
    </Section>
  );
}

function Imports({ globals }: { globals: readonly string[] }) {
  const [isWhole, setWhole] = useState(globals.length <= 6);
  return (
    <Stack gap={4} align="flex-start">
      {globals.slice(0, isWhole ? undefined : 4).map((one) => (
        <Code key={one}>{one}</Code>
      ))}
      {isWhole ? null : (
        <Button variant="default" size="compact-xs" onClick={() => setWhole(true)}>
          Show all {globals.length}
        </Button>
      )}
    </Stack>
  );
}

function shortList(values: readonly (string | number | boolean | null)[]): string {
  const shown = values.slice(0, 50).map(String).join(", ");
  return values.length > 50 ? `${shown} and ${values.length - 50} more` : shown;
}
