import type { Service } from "../../../contract/use.ts";

interface Columns<Shown> {
  head: string[];
  row: (service: Shown) => (string | number | null)[];
}

/** The columns of a table of services, with why one is not ready at the end where one says it: without trouble the table stays narrow. */
export function withReasons<Shown extends Pick<Service, "reason">>(
  services: readonly Shown[],
  { head, row }: Columns<Shown>,
): Columns<Shown> {
  if (services.every(({ reason }) => reason === null)) return { head, row };
  return { head: [...head, "REASON"], row: (service) => [...row(service), service.reason] };
}
