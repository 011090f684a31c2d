import type { Value } from "../../records/table.ts";

type Kind = "integer" | "number" | "boolean" | "text";

/** What the values of a column are, as they are met; values of several kinds are text. */
export interface Seen {
  kind: Kind | null;
  /** Rows with a value. */
  present: number;
}

export const unseen = (): Seen => ({ kind: null, present: 0 });

/** The values of a row, by the names of their columns. */
export function lookAtAll(columns: Map<string, Seen>, names: readonly string[], values: readonly Value[]): void {
  for (const [place, name] of names.entries()) {
    const seen = columns.get(name) ?? unseen();
    columns.set(name, seen);
    look(seen, values[place] ?? null);
  }
}

export function look(seen: Seen, value: Value): void {
  if (value === null) return;
  seen.present += 1;
  seen.kind = together(seen.kind, kindOf(value));
}

function kindOf(value: NonNullable<Value>): Kind {
  if (typeof value === "string") return "text";
  if (typeof value === "boolean") return "boolean";
  return Number.isSafeInteger(value) ? "integer" : "number";
}

function together(before: Kind | null, now: Kind): Kind {
  if (before === null || before === now) return now;
  const isNumber = (kind: Kind) => kind === "integer" || kind === "number";
  return isNumber(before) && isNumber(now) ? "number" : "text";
}
