import { Button, Group, Table, Text } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { useQuery } from "@tanstack/react-query";
import { type AnswerOf, useChange } from "../../api.ts";
import { sessionQuery, useMay } from "../../session.ts";
import { Confirm } from "../../ui/confirm.tsx";
import { DataTable } from "../../ui/data-table.tsx";
import { Dialog } from "../../ui/dialog.tsx";
import { OperationForm } from "../../ui/form/operation-form.tsx";
import { TextLink } from "../../ui/links.tsx";
import { Section } from "../../ui/section.tsx";

type Alias = AnswerOf<"listModelNames">["items"][number]["aliases"][number];

/** The aliases of a model and the versions they mean now: set, moved and removed by who may. */
export function EditAliases({
  name,
  aliases,
  latest,
}: {
  name: string;
  aliases: readonly Alias[];
  latest: number | null;
}) {
  const may = useMay();
  return (
    <Section
      title="Aliases"
      actions={
        may("setAlias") && latest !== null ? <SetAlias name={name} version={latest} label="Set an alias" /> : null
      }
    >
      {aliases.length === 0 ? (
        <Text size="sm" c="dimmed">
          None yet. An alias such as champion is a name that moves from version to version.
        </Text>
      ) : (
        <DataTable
          label="Aliases"
          minWidth={420}
          columns={[
            "Alias",
            { label: "Version", align: "right" },
            "Who may move it",
            { label: "Change", hidden: true },
          ]}
        >
          {aliases.map((alias) => (
            <AliasRow key={alias.alias} name={name} alias={alias} />
          ))}
        </DataTable>
      )}
    </Section>
  );
}

function AliasRow({ name, alias: { alias, version, protected: isProtected } }: { name: string; alias: Alias }) {
  const may = useMay();
  const remove = useChange("deleteAlias");
  const input = { name, alias };
  return (
    <Table.Tr>
      <Table.Td>{alias}</Table.Td>
      <Table.Td ta="right">
        <TextLink to="/register/models/$name/$version" params={{ name, version: String(version) }}>
          {version}
        </TextLink>
      </Table.Td>
      <Table.Td>{isProtected ? "Admins (protected)" : "Contributors"}</Table.Td>
      <Table.Td>
        <Group gap="xs" justify="flex-end" wrap="nowrap">
          {may("setAlias") ? <SetAlias name={name} alias={alias} version={version} label="Move" /> : null}
          {may("deleteAlias") ? (
            <Confirm
              label="Remove"
              variant="subtle"
              title={`Remove the alias ${alias}?`}
              operation="deleteAlias"
              input={input}
              pending={remove.isPending}
              error={remove.error}
              onConfirm={() => remove.mutateAsync(input)}
            >
              <Text size="sm">
                {name}@{alias} will mean nothing. Version {version} stays, and services keep the version they were
                deployed with.
              </Text>
            </Confirm>
          ) : null}
        </Group>
      </Table.Td>
    </Table.Tr>
  );
}

/** Sets an alias, or moves one that is there. */
function SetAlias({ name, alias, version, label }: { name: string; alias?: string; version: number; label: string }) {
  const [isOpen, { open, close }] = useDisclosure(false);
  const set = useChange("setAlias");
  const role = useQuery(sessionQuery).data?.role;
  return (
    <>
      <Button variant="default" size="xs" onClick={open} aria-label={alias === undefined ? label : `Move ${alias}`}>
        {label}
      </Button>
      <Dialog opened={isOpen} onClose={close} title={alias === undefined ? "Set an alias" : `Move the alias ${alias}`}>
        <Text size="sm" mb="sm">
          Running services keep the version they were deployed with.
        </Text>
        <OperationForm
          operation="setAlias"
          given={alias === undefined ? { name } : { name, alias }}
          fields={[
            ...(alias === undefined ? (["alias"] as const) : []),
            "version",
            ...(role === "admin" ? (["protect"] as const) : []),
          ]}
          initial={{ version }}
          submit={alias === undefined ? "Set alias" : "Move alias"}
          pending={set.isPending}
          error={set.error}
          onSubmit={(input) => set.mutate(input, { onSuccess: close })}
        />
      </Dialog>
    </>
  );
}
