import { TagsInput } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { ask } from "../../api.ts";
import type { FieldInputProps } from "../../ui/form/field-input.tsx";

/** The versions to change to: those of the model that answers now are offered, the newest first; any other may be typed. */
export function VersionInput({ current, ...props }: FieldInputProps & { current: readonly string[] }) {
  const { field, label, value, error, onChange } = props;
  const name = current[0]?.split(":")[0];
  const versions = useQuery({ ...ask("listModels", { name, pageSize: 50 }), enabled: name !== undefined });
  const offered = (versions.data?.items ?? []).flatMap(({ reference, name, aliases }) => [
    reference,
    ...aliases.map((alias) => `${name}@${alias}`),
  ]);
  return (
    <TagsInput
      label={label}
      description={`${field.description}. Now: ${current.join(", ") || "none"}`}
      error={error}
      data={[...new Set(offered)].filter((reference) => !current.includes(reference))}
      value={(value as string[] | undefined) ?? []}
      onChange={(next) => onChange(next.length === 0 ? undefined : next)}
      placeholder="As it is"
      acceptValueOnBlur
      clearable
    />
  );
}
