import { TagsInput } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { askOn } from "../../api.ts";
import type { FieldInputProps } from "../../ui/form/field-input.tsx";

const suggested = 20;

/** Models by their references: versions and aliases that are registered are offered while one types. */
export function ModelPicker({ field, label, value, error, onChange }: FieldInputProps) {
  const [typed, setTyped] = useState("");
  const [searched] = useDebouncedValue(typed, 200);
  const name = searched.split(/[:@]/, 1)[0] ?? "";
  const filter = name === "" ? undefined : `name ILIKE '%${name.replace(/['%_\\]/g, "_")}%'`;
  const models = useQuery(askOn("listModelNames", { filter, orderBy: "updated_at DESC", pageSize: suggested }));
  const offered = models.data?.items.flatMap(({ name, latestVersion, aliases }) => [
    ...(latestVersion === null ? [] : [`${name}:${latestVersion}`]),
    ...aliases.map(({ alias }) => `${name}@${alias}`),
  ]);
  return (
    <TagsInput
      label={label}
      description={`${field.description}, or name@alias. Several make one image for an entry script`}
      error={error}
      data={[...new Set(offered ?? [])]}
      limit={50}
      value={(value as string[] | undefined) ?? []}
      onChange={(next) => onChange(next.length === 0 ? undefined : next)}
      searchValue={typed}
      onSearchChange={setTyped}
      placeholder="name, name:version or name@alias"
      acceptValueOnBlur
      clearable
    />
  );
}
