import { valueText } from "../../../records/collected-table.ts";
import type { Table, Value } from "../../../records/table.ts";
import { csvLines } from "../csv.ts";
import type { Layout, LayoutRecord } from "./layout.ts";

/** What is known of a record, beside its columns; the sign keeps the names apart. */
const ownColumns = ["$id", "$correlation_id", "$at", "$service", "$revision", "$model"];

/** One file for each service, a line for each row with what it got. */
export const csvFiles: Layout = (record) => {
  const { columns, rows } = sideBySide(record);
  if (rows.length === 0) return [];
  return [
    {
      path: `${record.service}.csv`,
      head: csvLines([columns]).toString(),
      lines: csvLines(rows).toString(),
    },
  ];
};

/** The same as JSON lines. */
export const jsonLinesFiles: Layout = (record) => {
  const { columns, rows } = sideBySide(record);
  const names = columns.map((column) => JSON.stringify(column));
  const lines = rows.map((row) => `{${row.map((value, place) => `${names[place]}:${valueText(value)}`).join(",")}}\n`);
  return rows.length === 0 ? [] : [{ path: `${record.service}.jsonl`, head: "", lines: lines.join("") }];
};

/** Row i of the predictions belongs to row i of the inputs. A name that both have is that of the input. */
function sideBySide(record: LayoutRecord): Table {
  const { inputs, predictions } = record;
  const taken = new Set(inputs?.columns);
  const named = (predictions?.columns ?? []).map((column) => (taken.has(column) ? `prediction.${column}` : column));
  const count = Math.max(inputs?.rows.length ?? 0, predictions?.rows.length ?? 0);
  const own = ownValues(record);
  const cells = (table: Table | null, row: number) =>
    table?.rows[row] ?? Array<Value>(table?.columns.length ?? 0).fill(null);
  return {
    columns: [...ownColumns, ...(inputs?.columns ?? []), ...named],
    rows: Array.from({ length: count }, (_, row) => [...own, ...cells(inputs, row), ...cells(predictions, row)]),
  };
}

function ownValues({ id, correlationId, at, service, revision, model }: LayoutRecord): Value[] {
  const reference = model === null ? null : `${model.name}:${model.version}`;
  return [id, correlationId, at.toISOString(), service, revision, reference];
}
