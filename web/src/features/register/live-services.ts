import { useQuery } from "@tanstack/react-query";
import { useMemo } from "react";
import { ask } from "../../api.ts";

/** Of each version, as `name:version`, the services that run it. One question for all of a page's models, or for those of one. */
export function useLiveServices(model?: string): ReadonlyMap<string, readonly string[]> {
  const { data } = useQuery(ask("listServices", { model, pageSize: 1000 }));
  return useMemo(() => byVersion(data?.items ?? []), [data]);
}

function byVersion(
  services: readonly { name: string; models: readonly string[] }[],
): ReadonlyMap<string, readonly string[]> {
  const found = new Map<string, string[]>();
  for (const { name, models } of services)
    for (const reference of models) found.set(reference, [...(found.get(reference) ?? []), name]);
  return found;
}
