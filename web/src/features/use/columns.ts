import type { Manifest } from "../../../../src/contract/image.ts";
import type { Column } from "./rows.ts";
import { rowsOfBody } from "./rows.ts";

/** What one row of a model holds, as far as its image knows. Null for an entry script and for a server of its own: their bodies are theirs. */
export function columnsOf({ signature: { input }, compiled, sample, script, upstream }: Manifest): Column[] | null {
  if (input.kind !== "rows" || script !== null || upstream !== undefined) return null;
  const table = compiled?.input.kind === "table" ? compiled.input.columns : undefined;
  if (table !== undefined)
    return table.map(({ name, type, only }) => ({ name, type: type === "any" ? null : type, only }));
  const row = rowsOfBody(sample)?.[0];
  const width = input.names?.length ?? input.columns ?? row?.length ?? 0;
  return Array.from({ length: width }, (_, place) => ({
    name: input.names?.[place] ?? `Column ${place + 1}`,
    type: typeof row?.[place] === "string" ? "text" : null,
    only: null,
  }));
}

/** The names a request must say; null where the model knows none. */
export function namesOf({ signature: { input }, compiled }: Manifest): string[] | null {
  if (compiled?.input.kind === "table") return compiled.input.columns.map(({ name }) => name);
  return input.kind === "rows" ? input.names : null;
}
