import type { Value } from "../table.ts";

/** JSON of a value; infinities become numbers that overflow to them, NaN becomes null. */
export function jsonOf(value: Value): string {
  if (value === Number.POSITIVE_INFINITY) return "1e999";
  return value === Number.NEGATIVE_INFINITY ? "-1e999" : JSON.stringify(value);
}

export const listOf = (texts: readonly string[]): string => `[${texts.join(",")}]`;

export const rowsText = (rows: readonly (readonly Value[])[]): string =>
  listOf(rows.map((row) => listOf(row.map(jsonOf))));

export const objectText = (members: readonly (readonly [string, string])[]): string =>
  `{${members.map(([name, text]) => `${JSON.stringify(name)}:${text}`).join(",")}}`;
