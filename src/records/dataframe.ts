import { rowsOfTexts } from "./json-rows.ts";
import type { NamedRows } from "./named-rows.ts";
import { brief, countOf, kindOf, type Refuse } from "./words.ts";

/** The members of a body that may hold the rows; exactly one does. */
export const mlflowForms = ["dataframe_split", "dataframe_records", "instances", "inputs"] as const;

/** The rows of a JSON body of MLflow's scoring protocol. `refuse` is called for a body of another form. */
export function readTable(body: Record<string, unknown>, refuse: Refuse): NamedRows {
  const [form, ...more] = mlflowForms.filter((name) => body[name] !== undefined);
  if (form === undefined || more.length > 0) {
    const found = Object.keys(body).slice(0, 10).join(", ") || "none";
    return refuse(
      `The body must have exactly one of ${mlflowForms.join(", ")}; its members are: ${found.slice(0, 200)}`,
    );
  }
  const value = body[form];
  switch (form) {
    case "dataframe_split":
      return fromSplit(value, refuse);
    case "dataframe_records":
      return fromRecords(listOf(value, '"dataframe_records"', refuse), '"dataframe_records"', refuse);
    default:
      return kindOf(value) === "an object" && form === "inputs"
        ? fromColumns(value as Record<string, unknown>, refuse)
        : fromList(listOf(value, `"${form}"`, refuse), `"${form}"`, refuse);
  }
}

function listOf(value: unknown, what: string, refuse: Refuse): unknown[] {
  return Array.isArray(value) ? value : refuse(`${what} is ${kindOf(value)}, not a list`);
}

/** `{"columns"?, "index"?, "data"}`. Columns numbered from 0 are what pandas calls columns without names. */
function fromSplit(value: unknown, refuse: Refuse): NamedRows {
  if (kindOf(value) !== "an object") refuse(`"dataframe_split" is ${kindOf(value)}, not an object with "data"`);
  const { columns, data, index: _, ...others } = value as Record<string, unknown>;
  const [other] = Object.keys(others);
  if (other !== undefined) refuse(`"dataframe_split" has "columns", "index" and "data", not ${brief(other)}`);
  const rows = rowLists(listOf(data, 'The "data" of "dataframe_split"', refuse), '"data"', refuse);
  if (columns === undefined || columns === null) return { columns: null, rows };
  const names = listOf(columns, 'The "columns" of "dataframe_split"', refuse);
  const numbered = names.every((name, place) => name === place);
  const odd = names.find((name) => typeof name === "object");
  if (odd !== undefined) refuse(`The column name ${brief(odd)} is ${kindOf(odd)}, not a text`);
  const uneven = rows.findIndex((row) => row.length !== names.length);
  if (uneven !== -1)
    refuse(`Row ${uneven + 1} has ${countOf(rows[uneven]?.length ?? 0)}; "columns" has ${names.length} names`);
  return { columns: numbered ? null : names.map(String), rows };
}

function rowLists(rows: unknown[], what: string, refuse: Refuse): unknown[][] {
  const odd = rows.findIndex((row) => !Array.isArray(row));
  if (odd === -1) return rows as unknown[][];
  return refuse(`Row ${odd + 1} of ${what} is ${kindOf(rows[odd])}, not a list of values`);
}

/** One object for each row. All have the columns of the first. */
function fromRecords(records: unknown[], what: string, refuse: Refuse): NamedRows {
  const odd = records.findIndex((record) => kindOf(record) !== "an object");
  if (odd !== -1) refuse(`Row ${odd + 1} of ${what} is ${kindOf(records[odd])}, not an object`);
  const columns = Object.keys((records[0] as object | undefined) ?? {});
  const rows = (records as Record<string, unknown>[]).map((record, row) => {
    const missing = columns.find((name) => !Object.hasOwn(record, name));
    if (missing !== undefined) refuse(`The column ${brief(missing)} is missing in row ${row + 1}`);
    const extra = Object.keys(record).find((name) => !columns.includes(name));
    if (Object.keys(record).length > columns.length)
      refuse(`Row ${row + 1} has the column ${brief(extra)}, row 1 has not`);
    return columns.map((name) => record[name]);
  });
  return { columns, rows };
}

/** Rows as lists or as objects; texts are rows of one. */
function fromList(items: unknown[], what: string, refuse: Refuse): NamedRows {
  if (items.length > 0 && kindOf(items[0]) === "an object") return fromRecords(items, what, refuse);
  return { columns: null, rows: rowsOfTexts(items) ?? rowLists(items, what, refuse) };
}

/** `{"a": [1, 2], "b": [[3], [4]]}`: one list for each column, of values or of lists with one value. */
function fromColumns(value: Record<string, unknown>, refuse: Refuse): NamedRows {
  const columns = Object.keys(value);
  const lists = columns.map((name) =>
    listOf(value[name], `The column ${brief(name)}`, refuse).map((item) =>
      Array.isArray(item) && item.length === 1 ? (item[0] as unknown) : item,
    ),
  );
  const count = lists[0]?.length ?? 0;
  const uneven = lists.findIndex((list) => list.length !== count);
  if (uneven !== -1)
    refuse(
      `The column ${brief(columns[uneven])} has ${countOf(lists[uneven]?.length ?? 0)}, ${brief(columns[0])} has ${count}`,
    );
  return { columns, rows: Array.from({ length: count }, (_, row) => lists.map((list) => list[row])) };
}
