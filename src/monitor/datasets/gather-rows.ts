import type { DatasetQuery } from "../../contract/datasets.ts";
import type { Db } from "../../kernel/db.ts";
import type { SortedLines } from "../../kernel/sort-on-disk.ts";
import { type CollectedRecord, type ReadRecords, withLabels } from "../labels/collected.ts";
import type { OneLabel } from "../labels/rows.ts";
import { type DatasetRow, lineOfRow } from "./dataset-row.ts";
import { type Sampling, samplingOf } from "./sampling.ts";

/** What was gathered: the rows lie in the sorter. */
export interface Gathered {
  sampling: Sampling;
  /** Names of columns, each list once. */
  names: (readonly string[])[];
  skipped: Record<string, number>;
}

/** Reads the records of a query once and puts their rows, with labels beside them, into a sorter by time and id. */
export async function gatherRows(
  { db, readRecords }: { db: Db; readRecords: ReadRecords },
  { service, since, until, model, labels: wanted, sample }: DatasetQuery,
  sorter: SortedLines,
  onRecords: (count: number) => void,
): Promise<Gathered> {
  const sampling = samplingOf(sample);
  const names = nameLists();
  const skipped: Record<string, number> = {};
  let count = 0;
  const range = { service, from: since, to: until };
  for await (const { record, labels } of withLabels(db, service, readRecords(range))) {
    count += 1;
    if (count % 1000 === 0) onRecords(count);
    if (record.mirrored || (model !== null && !record.models.some((one) => isOfModel(one, model)))) continue;
    const reason = unfit(record);
    if (reason !== null) skipped[reason] = (skipped[reason] ?? 0) + 1;
    else if (wanted === "required" && labels.size === 0) skipped["no label"] = (skipped["no label"] ?? 0) + 1;
    else if (sampling.offer(record.correlationId))
      for (const row of rowsOf(record, labels, names.of))
        if (wanted === "optional" || row.label !== null) await sorter.add({ key: row.at, line: lineOfRow(row) });
  }
  return { sampling, names: names.lists, skipped };
}

const isOfModel = (reference: string, model: string): boolean =>
  model.includes(":") ? reference === model : reference.slice(0, reference.lastIndexOf(":")) === model;

/** Why a request has no rows; null when it has. */
function unfit({ status, inputs, predictions, reason }: CollectedRecord): string | null {
  if (status < 200 || status > 299) return `status ${status}`;
  if (inputs === null) return reason ?? "no inputs";
  return predictions !== null && predictions.rows.length !== inputs.rows.length ? "rows-differ" : null;
}

function* rowsOf(
  { correlationId: id, at, revision, models, inputs, predictions, weight }: CollectedRecord,
  labels: ReadonlyMap<number, OneLabel>,
  listOf: (names: readonly string[]) => number,
): Generator<DatasetRow> {
  const inputNames = listOf(inputs?.columns ?? []);
  const predictionNames = listOf(predictions?.columns ?? []);
  for (const [row, values] of (inputs?.rows ?? []).entries())
    yield {
      ...{ at, id, row, revision, weight, model: models.join(" "), label: labels.get(row)?.value ?? null },
      ...{ inputs: values, predictions: predictions?.rows[row] ?? [], inputNames, predictionNames },
    };
}

/** Numbers of lists of names in the order they are first seen. */
function nameLists() {
  const lists: (readonly string[])[] = [];
  const places = new Map<string, number>();
  return {
    lists,
    of(names: readonly string[]): number {
      const key = JSON.stringify(names);
      const known = places.get(key);
      if (known !== undefined) return known;
      places.set(key, lists.length);
      return lists.push(names) - 1;
    },
  };
}
