import type { DecodedRecord } from "../../records/decode-record.ts";
import type { Table, Value } from "../../records/table.ts";
import type { FileColumn } from "../ports.ts";
import type { StoredRecord } from "./rows/records.ts";

/** A record on its way to a file. */
export interface FiledRecord {
  record: StoredRecord;
  decoded: DecodedRecord;
}

/** Columns that are in every file, by the names of the database. Two have others there: `at` and `row` are words of SQL. */
const headTypes = {
  sequence: "INT64",
  id: "STRING",
  correlation_id: "STRING",
  service: "STRING",
  revision: "INT32",
  image: "STRING",
  at: "TIMESTAMP",
  duration_ms: "DOUBLE",
  status: "INT32",
  mirrored: "BOOLEAN",
  caller: "STRING",
  language: "STRING",
  trace_id: "STRING",
  content_type: "STRING",
  answer_type: "STRING",
  body_size: "INT64",
  answer_size: "INT64",
  body_json_bytes: "INT64",
  answer_json_bytes: "INT64",
  weight: "DOUBLE",
  out_of_sample: "BOOLEAN",
} as const satisfies Partial<Record<keyof StoredRecord, FileColumn["type"]>>;

const headFields = Object.keys(headTypes);

const timeName = "received_at";
const rowName = "row_number";
const nameInFile = (name: string): string => (name === "at" ? timeName : name);

/** The columns that say these fields, and where a record begins. */
export const namesOf = (fields: readonly string[]): string[] => [...fields.map(nameInFile), rowName];

/** What lists show, and what filters ask. */
export const headNames = namesOf(headFields);
/** All that a record is made of again. */
export const recordNames = [...headNames, "body", "answer"];

/** Columns of inputs and predictions that a file may have: bodies with keys of their own in each would make one of each. */
const mostColumns = 1000;

/**
 * Records as columns: a row for each row of a request, so that `input.age` and `output.prediction` are plain columns; the head is repeated, body and
 * answer stand in the first one, `row_number` 0. A record that is not told as columns has one row, and `undecoded` says why. Values are
 * looked up when they are written: they are never all there at once.
 */
export function columnsOf(
  records: readonly FiledRecord[],
  engines: ReadonlyMap<string, string | null>,
): { rows: number; columns: FileColumn[] } {
  const rows = records.flatMap(({ record, decoded }) => {
    const count = Math.max(1, decoded.inputs?.rows.length ?? 0, decoded.predictions?.rows.length ?? 0);
    return Array.from({ length: count }, (_, row) => ({ record, decoded, row }));
  });
  const column = (name: string, type: FileColumn["type"], read: (row: Row) => unknown): FileColumn => ({
    ...{ name, type },
    valueAt: (row) => read(rows[row] as Row),
  });
  const headOf = (name: keyof typeof headTypes) =>
    column(nameInFile(name), headTypes[name], ({ record }) => valueOfHead(record, name));
  const columns = [
    ...(Object.keys(headTypes) as (keyof typeof headTypes)[]).map(headOf),
    column("models", "STRING", ({ record }) => record.models.join(" ")),
    column("engine", "STRING", ({ record }) => engines.get(record.image) ?? null),
    column("undecoded", "STRING", ({ decoded }) => decoded.reason),
    column(rowName, "INT32", ({ row }) => row),
    ...typedColumns("input", rows, ({ inputs }) => inputs),
    ...typedColumns("output", rows, ({ predictions }) => predictions),
    column("body", "BYTE_ARRAY", ({ record, row }) => (row === 0 ? record.body : null)),
    column("answer", "BYTE_ARRAY", ({ record, row }) => (row === 0 ? record.answer : null)),
  ];
  return { rows: rows.length, columns };
}

type Row = FiledRecord & { row: number };

/** As lists tell it: who joins by the correlation id of a request finds the id that the client did not say. */
function valueOfHead(record: StoredRecord, name: keyof typeof headTypes): unknown {
  if (name === "correlation_id") return record.correlation_id ?? record.id;
  return headTypes[name] === "BOOLEAN" ? record[name] === 1 : record[name];
}

function typedColumns(
  prefix: string,
  rows: readonly Row[],
  tableOf: (decoded: DecodedRecord) => Table | null,
): FileColumn[] {
  const found = new Map<string, Kinds>();
  for (const { record, decoded, row } of rows) {
    const table = tableOf(decoded);
    const values = table?.rows[row];
    for (const [place, name] of (values === undefined ? [] : (table as Table).columns).entries()) {
      let kinds = found.get(name);
      if (kinds === undefined) {
        if (found.size >= mostColumns) break;
        kinds = { answered: new Set(), refused: new Set() };
        found.set(name, kinds);
      }
      const value = values?.[place] ?? null;
      if (value !== null) kinds[record.status < 400 ? "answered" : "refused"].add(typeof value);
    }
  }
  const placeOf = placeFinder();
  return [...found].map(([name, kinds]) => {
    const type = typeOf(kinds);
    const valueAt = (index: number): Value => {
      const { decoded, row } = rows[index] as Row;
      const table = tableOf(decoded);
      return valueOfType(table?.rows[row]?.[placeOf(table.columns, name)] ?? null, type);
    };
    return { name: `${prefix}.${name}`, type, valueAt };
  });
}

/** Where a name stands among columns; tables of one signature share their list of columns. */
function placeFinder(): (columns: readonly string[], name: string) => number {
  const known = new WeakMap<readonly string[], Map<string, number>>();
  return (columns, name) => {
    let places = known.get(columns);
    if (places === undefined) {
      places = new Map(columns.map((one, place) => [one, place]));
      known.set(columns, places);
    }
    return places.get(name) ?? -1;
  };
}

/** The kinds of a column's values in requests that were answered, and in those that were refused. */
interface Kinds {
  answered: Set<string>;
  refused: Set<string>;
}

/**
 * Numbers, truth values, or else texts, by the requests that were answered: a word that was refused in a column of numbers must not make texts
 * of all of them. Without a value nothing is known: most columns are numbers.
 */
function typeOf({ answered, refused }: Kinds): FileColumn["type"] {
  const kinds = answered.size > 0 ? answered : refused;
  if (kinds.size > 1 || kinds.has("string")) return "STRING";
  return kinds.has("boolean") ? "BOOLEAN" : "DOUBLE";
}

/** A value in a column of a type; null for one that was refused there. */
function valueOfType(value: Value, type: FileColumn["type"]): Value {
  if (value === null) return null;
  if (type === "STRING") return String(value);
  return typeof value === (type === "DOUBLE" ? "number" : "boolean") ? value : null;
}

/** The records that begin in rows of a file, as the database has them; without body and answer when they were not read. */
export const recordsIn = (rows: readonly Record<string, unknown>[]): Omit<StoredRecord, "models">[] =>
  rows.filter((row) => row[rowName] === 0).map(recordOf);

/** Rows where a record begins, with what was read of it under the names of the database; the rows themselves, as these are many. */
export const startsIn = (rows: readonly Record<string, unknown>[]): Record<string, unknown>[] =>
  rows.filter((row) => {
    row.at = row[timeName];
    return row[rowName] === 0;
  });

function recordOf(row: Record<string, unknown>): Omit<StoredRecord, "models"> {
  const record: Record<string, unknown> = {};
  for (const name of headFields) record[name] = row[nameInFile(name)];
  // the database has it only where the client said one
  if (record.correlation_id === record.id) record.correlation_id = null;
  // files of older servers have neither of these columns
  record.weight ??= 1;
  record.out_of_sample = row.out_of_sample === true ? 1 : 0;
  record.mirrored = row.mirrored === true ? 1 : 0;
  record.body = row.body ?? nothing;
  record.answer = row.answer ?? nothing;
  return record as unknown as Omit<StoredRecord, "models">;
}
const nothing = new Uint8Array(0);
