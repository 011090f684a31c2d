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
} as const satisfies Partial<Record<keyof StoredRecord, FileColumn["type"]>>;

const timeName = "received_at";
const rowName = "row_number";
const nameInFile = (name: string): string => (name === "at" ? timeName : name);

/** What lists show, and what filters ask. */
export const headNames = [...Object.keys(headTypes).map(nameInFile), rowName];
/** All that a record is made of again. */
export const recordNames = [...headNames, "body", "answer"];

/** Columns of inputs and predictions that a file may have: bodies with keys of their own in each would make one of each. */
const mostColumns = 1000;

/**
 * Records as columns: a row for each row of a request, so that `input.age` and `output.prediction` are plain columns; the head is repeated, body and
 * answer stand in the first one, `row_number` 0. A record that is not told as columns has one row, and `undecoded` says why.
 */
export function columnsOf(records: readonly FiledRecord[], engines: ReadonlyMap<string, string | null>): FileColumn[] {
  const rows = records.flatMap(({ record, decoded }) => {
    const count = Math.max(1, decoded.inputs?.rows.length ?? 0, decoded.predictions?.rows.length ?? 0);
    return Array.from({ length: count }, (_, row) => ({ record, decoded, row }));
  });
  const headOf = (name: keyof typeof headTypes) => ({
    name: nameInFile(name),
    type: headTypes[name],
    values: rows.map(({ record }) => (name === "mirrored" ? record.mirrored === 1 : record[name])),
  });
  return [
    ...(Object.keys(headTypes) as (keyof typeof headTypes)[]).map(headOf),
    { name: "models", type: "STRING", values: rows.map(({ record }) => record.models.join(" ")) },
    { name: "engine", type: "STRING", values: rows.map(({ record }) => engines.get(record.image) ?? null) },
    { name: "undecoded", type: "STRING", values: rows.map(({ decoded }) => decoded.reason) },
    { name: rowName, type: "INT32", values: rows.map(({ row }) => row) },
    ...typedColumns("input", rows, ({ inputs }) => inputs),
    ...typedColumns("output", rows, ({ predictions }) => predictions),
    { name: "body", type: "BYTE_ARRAY", values: rows.map(({ record, row }) => (row === 0 ? record.body : null)) },
    { name: "answer", type: "BYTE_ARRAY", values: rows.map(({ record, row }) => (row === 0 ? record.answer : null)) },
  ];
}

type Row = FiledRecord & { row: number };

function typedColumns(
  prefix: string,
  rows: readonly Row[],
  tableOf: (decoded: DecodedRecord) => Table | null,
): FileColumn[] {
  const found = new Map<string, Value[]>();
  for (const [index, { decoded, row }] of rows.entries()) {
    const table = tableOf(decoded);
    for (const [place, name] of (table?.columns ?? []).entries()) {
      let values = found.get(name);
      if (values === undefined) {
        if (found.size >= mostColumns) break;
        values = new Array<Value>(rows.length).fill(null);
        found.set(name, values);
      }
      values[index] = table?.rows[row]?.[place] ?? null;
    }
  }
  return [...found].map(([name, values]) => ({ name: `${prefix}.${name}`, ...typed(values) }));
}

/** Numbers, truth values, or else texts: a column of several kinds has the JSON of what is no text. */
function typed(values: Value[]): Pick<FileColumn, "type" | "values"> {
  const kinds = new Set(values.map((value) => (value === null ? "null" : typeof value)));
  kinds.delete("null");
  if (kinds.size === 1 && kinds.has("boolean")) return { type: "BOOLEAN", values };
  // without a value nothing is known: most columns are numbers
  if (kinds.size === 0 || (kinds.size === 1 && kinds.has("number"))) return { type: "DOUBLE", values };
  return {
    type: "STRING",
    values: values.map((value) => (value === null || typeof value === "string" ? value : String(value))),
  };
}

/** The records that begin in rows of a file, as the database has them; without body and answer when they were not read. */
export const recordsIn = (rows: readonly Record<string, unknown>[]): Omit<StoredRecord, "models">[] =>
  rows.filter((row) => row[rowName] === 0).map(recordOf);

function recordOf(row: Record<string, unknown>): Omit<StoredRecord, "models"> {
  const nothing = new Uint8Array(0);
  const { [rowName]: _, [timeName]: at, mirrored, body, answer, ...head } = row;
  return {
    ...(head as unknown as Omit<StoredRecord, "models" | "mirrored" | "body" | "answer">),
    at: at as number,
    mirrored: mirrored === true ? 1 : 0,
    body: (body as Uint8Array | null | undefined) ?? nothing,
    answer: (answer as Uint8Array | null | undefined) ?? nothing,
  };
}
