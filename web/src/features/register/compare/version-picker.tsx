import { Group, NativeSelect, Select } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { useQuery } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import { ask, askOn } from "../../../api.ts";
import { filterOf } from "../models-filter.ts";
import { readReference } from "./version-reference.ts";

const suggested = 20;
const newest = 200;

/** Chooses a version: its model while one types, then its number. */
export function VersionPicker({
  label,
  value,
  other,
  onChange,
}: {
  label: string;
  value: string | undefined;
  /** The version on the other side, whose model is offered first. */
  other: string | undefined;
  onChange: (reference: string) => void;
}) {
  const chosen = readReference(value);
  const [name, setName] = useState(chosen?.name ?? readReference(other)?.name ?? null);
  useEffect(() => {
    if (chosen?.name !== undefined) setName(chosen.name);
  }, [chosen?.name]);
  const [typed, setTyped] = useState(name ?? "");
  const [searched] = useDebouncedValue(typed, 200);
  const filter = searched === name ? undefined : filterOf(searched);
  const models = useQuery(askOn("listModelNames", { filter, orderBy: "updated_at DESC", pageSize: suggested }));
  const versions = useQuery({
    ...ask("listModels", { name: name ?? "", archived: "show", orderBy: "version DESC", pageSize: newest }),
    enabled: name !== null,
  });
  const names = new Set([...(name === null ? [] : [name]), ...(models.data?.items ?? []).map(({ name }) => name)]);
  const numbers = versions.data?.items ?? [];
  const isListed = chosen === undefined || chosen.name !== name || numbers.some(({ reference }) => reference === value);
  return (
    <Group gap="xs" wrap="nowrap" align="flex-end" style={{ flex: "1 1 18rem", minWidth: 0 }}>
      <Select
        label={`${label}: model`}
        style={{ flex: 1, minWidth: 0 }}
        data={[...names]}
        value={name}
        onChange={setName}
        searchable
        searchValue={typed}
        onSearchChange={setTyped}
        filter={({ options }) => options}
        nothingFoundMessage="No model fits"
        allowDeselect={false}
      />
      <NativeSelect
        label="Version"
        aria-label={`${label}: version`}
        w="7rem"
        disabled={name === null}
        value={chosen?.name === name ? (value ?? "") : ""}
        onChange={(event) => {
          if (event.currentTarget.value !== "") onChange(event.currentTarget.value);
        }}
        data={[
          { value: "", label: "Choose" },
          ...(isListed || value === undefined ? [] : [{ value, label: String(chosen?.version) }]),
          ...numbers.map(({ reference, version }) => ({ value: reference, label: String(version) })),
        ]}
      />
    </Group>
  );
}
