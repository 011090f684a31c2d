import { NativeSelect } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { ask } from "../../api.ts";
import type { FieldInputProps } from "../../ui/form/field-input.tsx";

/** The input of a form for a service, by the names there are. */
export function ServiceInput({ field, label, value, error, onChange }: FieldInputProps) {
  const { data } = useQuery(ask("listServices", { pageSize: 1000 }));
  return (
    <NativeSelect
      label={label}
      description={field.description}
      error={error}
      required={field.required}
      data={[{ value: "", label: field.required ? "Choose one" : "–" }, ...(data?.items ?? []).map(({ name }) => name)]}
      value={typeof value === "string" ? value : ""}
      onChange={(event) => onChange(event.currentTarget.value || undefined)}
    />
  );
}
