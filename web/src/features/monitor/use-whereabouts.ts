import { useQuery } from "@tanstack/react-query";
import { ask } from "../../api.ts";

/**
 * Where a service of this name is: deployed here, or known by its requests alone, as one that is served elsewhere or was deleted, or nowhere.
 * Undefined until that is known. Asked for in lists: a question that is answered with 404 is an error to a browser.
 */
export function useWhereabouts(name: string): "here" | "not here" | "nowhere" | undefined {
  const services = useQuery(ask("listServices", { pageSize: 1000 }));
  const isHere = services.data?.items.some((service) => service.name === name);
  const usage = useQuery({ ...ask("summariseUsage", { by: "service" }), enabled: isHere === false });
  if (isHere === undefined || isHere) return isHere && "here";
  // of more services than the list holds nothing is certain
  if (services.data?.nextPageToken !== null || usage.data === undefined) return undefined;
  return usage.data.items.some(({ service }) => service === name) ? "not here" : "nowhere";
}
