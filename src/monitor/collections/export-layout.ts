import type { ParsedInputOf } from "../../contract/operations.ts";
import type { DecodedRecord } from "../../records/decode-record.ts";
import type { Table } from "../../records/table.ts";
import type { StoredRecord } from "../collect/rows/records.ts";
import { azureV1 } from "./layouts/azure-v1.ts";
import { azureV2 } from "./layouts/azure-v2.ts";
import { csvFiles, jsonLinesFiles } from "./layouts/columns.ts";
import type { Layout, LayoutRecord } from "./layouts/layout.ts";

export type LayoutName = Exclude<ParsedInputOf<"exportRecords">["layout"], undefined | "parquet">;

const layouts: Record<LayoutName, Layout> = {
  "azure-v1": azureV1,
  "azure-v2": azureV2,
  csv: csvFiles,
  jsonl: jsonLinesFiles,
};

/** Characters of all files together that are held back before they are sent. */
const heldBack = 1 << 20;

/**
 * Records as files of a layout: lines of `{"path","text"}`, each to be added to the end of its file, and as the last one what there was:
 * `{"records","files","leftOut"}`. Files come side by side, so that none must be whole before the next one begins.
 */
export async function* exportLayout(
  name: LayoutName,
  records: AsyncIterable<{ record: StoredRecord; decoded: DecodedRecord }>,
): AsyncIterable<Uint8Array> {
  const files = makeFiles();
  const leftOut: Record<string, number> = {};
  let count = 0;
  for await (const { record, decoded } of records) {
    const why = reasonToLeaveOut(record);
    const parts = why === null ? layouts[name](toLayout(record, decoded)) : [];
    if (parts.length > 0) count += 1;
    else {
      const reason = why ?? decoded.reason ?? "empty";
      leftOut[reason] = (leftOut[reason] ?? 0) + 1;
    }
    for (const part of parts) files.add(part);
    if (files.size() >= heldBack) yield files.take();
  }
  yield files.take();
  yield Buffer.from(`${JSON.stringify({ records: count, files: files.count(), leftOut })}\n`);
}

/** Nobody got what a mirror answered, and a request that failed has no predictions. */
function reasonToLeaveOut({ mirrored, status }: StoredRecord): string | null {
  if (mirrored === 1) return "mirrored";
  return status >= 200 && status < 300 ? null : "failed";
}

function toLayout(record: StoredRecord, { inputs, predictions }: DecodedRecord): LayoutRecord {
  const { id, service, revision, at } = record;
  const [name, version] = splitReference(record.models[0]);
  const model = name === undefined || version === undefined ? null : { name, version };
  const correlationId = record.correlation_id ?? id;
  const tables = { inputs: withRows(inputs), predictions: withRows(predictions) };
  return { id, correlationId, service, revision, model, at: new Date(at), ...tables };
}

/** A table without rows is none: it would be a file with a header alone. */
const withRows = (table: Table | null): Table | null => (table === null || table.rows.length === 0 ? null : table);

const splitReference = (reference = ""): (string | undefined)[] => /^(.*):(\d+)$/.exec(reference)?.slice(1) ?? [];

/** Collects lines by file; a file begins with its head, and lines under another head go to `name-2.csv`, `name-3.csv` … */
function makeFiles() {
  const paths = new Map<string, Map<string, string>>();
  const waiting = new Map<string, string[]>();
  let held = 0;
  let made = 0;
  const pathOf = (path: string, head: string): string => {
    const heads = paths.get(path) ?? new Map<string, string>();
    paths.set(path, heads);
    const known = heads.get(head);
    if (known !== undefined) return known;
    const actual = heads.size === 0 ? path : path.replace(/(\.\w+)$/, `-${heads.size + 1}$1`);
    heads.set(head, actual);
    made += 1;
    waiting.set(actual, [head]);
    return actual;
  };
  return {
    add: ({ path, head, lines }: ReturnType<Layout>[number]) => {
      const actual = pathOf(path, head);
      const texts = waiting.get(actual) ?? [];
      waiting.set(actual, texts);
      texts.push(lines);
      held += lines.length;
    },
    size: () => held,
    count: () => made,
    take: (): Buffer => {
      const lines = [...waiting].map(([path, texts]) => `${JSON.stringify({ path, text: texts.join("") })}\n`);
      waiting.clear();
      held = 0;
      return Buffer.from(lines.join(""));
    },
  };
}
