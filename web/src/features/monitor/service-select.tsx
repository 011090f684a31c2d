import { NativeSelect } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { ask } from "../../api.ts";

/** Chooses one service, or all. One that is gone stays in the list while it is chosen. */
export function ServiceSelect({
  value,
  onChange,
  all = "All services",
}: {
  value: string | undefined;
  onChange: (service: string | undefined) => void;
  /** What choosing none means. */
  all?: string;
}) {
  const { data } = useQuery(ask("listServices", { pageSize: 1000 }));
  const names = (data?.items ?? []).map(({ name }) => name);
  const shown = value === undefined || names.includes(value) ? names : [...names, value];
  return (
    <NativeSelect
      label="Service"
      size="xs"
      w="11rem"
      data={[{ value: "", label: all }, ...shown]}
      value={value ?? ""}
      onChange={(event) => onChange(event.currentTarget.value || undefined)}
    />
  );
}
