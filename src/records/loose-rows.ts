import type { NamedRows } from "./named-rows.ts";
import { kindOf } from "./words.ts";

export type LooseRows = NamedRows & { isFlat: boolean };

/** Members beside the rows that say how to score, not what. */
const settings = new Set(["GlobalParameters", "global_parameters", "params", "parameters", "method", "options"]);
/** How deep rows may be wrapped: `{"Inputs": {"data": […]}}`. */
const mostWraps = 3;

/**
 * The rows in a body that a script takes, where they are plain to see: a list of rows, of objects or of values; `{"columns", "data"}`; an
 * object of lists of one length, or of pandas' `{"0": …}`, which are its columns; an object of plain values, which is one row; or one of these
 * as the only member that is no setting. Null for anything else.
 */
export function rowsOfJson(value: unknown, wraps = 0): LooseRows | null {
  if (Array.isArray(value)) return rowsOfList(value);
  if (kindOf(value) !== "an object" || wraps > mostWraps) return null;
  const members = Object.entries(value as object).filter(([name]) => !settings.has(name));
  const { columns, data } = value as { columns?: unknown; data?: unknown };
  if (Array.isArray(columns) && Array.isArray(data) && data.every(Array.isArray))
    return { columns: columns.map(String), rows: data as unknown[][], isFlat: false };
  const containers = members.filter(([, member]) => typeof member === "object" && member !== null);
  if (containers.length === 0) return members.length === 0 ? null : { ...rowOf(members), isFlat: false };
  const [only, ...more] = containers as [[string, unknown], ...unknown[]];
  if (more.length === 0 && !isColumn(only[1])) return rowsOfJson(only[1], wraps + 1);
  return containers.length < members.length && more.length > 0 ? null : rowsOfColumns(containers);
}

const isPlain = (value: unknown): boolean => typeof value !== "object" || value === null;

function rowOf(members: readonly [string, unknown][]): NamedRows {
  return { columns: members.map(([name]) => name), rows: [members.map(([, value]) => value)] };
}

function rowsOfList(list: readonly unknown[]): LooseRows | null {
  if (list.every(Array.isArray)) return { columns: null, rows: list as unknown[][], isFlat: false };
  if (list.every(isPlain)) return { columns: null, rows: list.map((value) => [value]), isFlat: true };
  if (!list.every((item) => kindOf(item) === "an object")) return null;
  const columns = [...new Set(list.flatMap((item) => Object.keys(item as object)))];
  const rows = (list as Record<string, unknown>[]).map((item) => columns.map((name) => item[name] ?? null));
  return { columns, rows, isFlat: false };
}

/** A list of plain values, or pandas' `{"0": …, "1": …}`. */
function isColumn(value: unknown): boolean {
  if (Array.isArray(value)) return value.length > 0 && value.every(isPlain);
  const keys = Object.keys(value as object);
  return keys.length > 0 && keys.every((key) => /^\d+$/.test(key)) && Object.values(value as object).every(isPlain);
}

function rowsOfColumns(members: readonly [string, unknown][]): LooseRows | null {
  if (!members.every(([, member]) => isColumn(member))) return null;
  const lists = members.map(([, member]) => Object.values(member as object));
  const count = lists[0]?.length ?? 0;
  if (lists.some((list) => list.length !== count)) return null;
  const rows = Array.from({ length: count }, (_, row) => lists.map((list) => list[row]));
  const isList = members.length === 1 && Array.isArray(members[0]?.[1]);
  return { columns: members.map(([name]) => name), rows, isFlat: isList };
}
