import { useQuery } from "@tanstack/react-query";
import { useMemo } from "react";
import { ask } from "../../api.ts";
import { unknownText } from "../../ui/unknown-text.ts";

type ByVersion = ReadonlyMap<string, readonly string[]>;

/** Of each version, as `name:version`, the services that run it; undefined with what to say instead. One question for all of a page's models, or for those of one. */
export function useLiveServices(model?: string): { byVersion: ByVersion | undefined; unknown: string } {
  const { data, error } = useQuery(ask("listServices", { model, pageSize: 1000 }));
  const byVersion = useMemo(() => data && servicesByVersion(data.items), [data]);
  return { byVersion, unknown: unknownText(error) };
}

function servicesByVersion(services: readonly { name: string; models: readonly string[] }[]): ByVersion {
  const found = new Map<string, string[]>();
  for (const { name, models } of services)
    for (const reference of models) found.set(reference, [...(found.get(reference) ?? []), name]);
  return found;
}
