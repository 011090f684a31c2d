import type { NewLabel } from "../../contract/labels.ts";
import { isYetToCome } from "../../kernel/clock-slack.ts";
import type { OneLabel } from "./rows.ts";

/** One label for each row that is told of; `refuse` makes the error of what no label can be: a list with a row, a time that is yet to come. */
export function rowsOfLabel(
  { id, value, row, at }: NewLabel,
  now: number,
  refuse: (reason: string) => Error,
): OneLabel[] {
  const known = at === undefined ? null : typeof at === "number" ? at : Date.parse(at);
  if (known !== null && isYetToCome(known, now)) throw refuse(`at: ${at} is yet to come`);
  if (!Array.isArray(value)) return [{ id, row: row ?? 0, value, at: known }];
  if (row !== undefined) throw refuse("a list of values is for all rows; leave row out");
  return value.map((one, index) => ({ id, row: index, value: one, at: known }));
}
