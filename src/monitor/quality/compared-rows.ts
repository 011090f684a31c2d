import { ModelyardError } from "../../contract/errors.ts";
import type { LabelValue } from "../../contract/labels.ts";
import type { Db } from "../../kernel/db.ts";
import { type CollectedRecord, type ReadRecords, type RecordRange, withLabels } from "../labels/collected.ts";
import type { OneLabel } from "../labels/rows.ts";
import { classesOfModels } from "./classes-of-models.ts";
import { type Prediction, predictionReader } from "./read-prediction.ts";
import { type Thinned, thinned } from "./thinned.ts";

/** Rows of all groups together that stay in memory: some 100 MB with ten scores each. */
const mostRows = 200_000;
const mostGroups = 1000;

export interface ComparedRow {
  prediction: Prediction;
  /** `name:version` of what predicted it, of several with spaces between. */
  model: string;
  /** Requests that its request stands for. */
  weight: number;
}
export interface LabelledRow extends ComparedRow {
  actual: LabelValue;
}

/** The predictions of one window and revision or model. */
export interface Group {
  from: number;
  to: number;
  revision: number | null;
  model: string | null;
  rows: number;
  labelled: number;
  labelledRows: Thinned<LabelledRow>;
  /** Those without a label that have scores. */
  openRows: Thinned<ComparedRow>;
}

export interface Comparison extends RecordRange {
  windowMs: number | undefined;
  by: "revision" | "model" | undefined;
  prediction: string | undefined;
}

/** Reads predictions and puts their labels beside them, by window and what predicted; one pass, bounded in memory. */
export async function readGroups(
  { db, readRecords }: { db: Db; readRecords: ReadRecords },
  comparison: Comparison,
): Promise<{ groups: Group[]; unread: Record<string, number> }> {
  const groups = new Map<string, Group>();
  const unread: Record<string, number> = {};
  const windows = comparison.windowMs === undefined ? 1 : (comparison.to - comparison.from) / comparison.windowMs;
  const most = Math.floor(mostRows / 2 / Math.min(mostGroups, windows + 1));
  const readerOf = predictionReaders(db, comparison.prediction);
  for await (const { record, labels } of withLabels(db, comparison.service, readRecords(comparison))) {
    // an answer of a mirror belongs to its revision and to no client
    if ((record.mirrored && comparison.by === undefined) || record.status < 200 || record.status > 299) continue;
    const read = await readerOf(record);
    if (typeof read === "string") unread[read] = (unread[read] ?? 0) + 1;
    else if (!addRows(groupOf(groups, record, comparison, most), record, labels, read))
      unread[unsaid] = (unread[unsaid] ?? 0) + 1;
  }
  return { groups: sorted([...groups.values()]), unread };
}

type Reader = Exclude<ReturnType<typeof predictionReader>, string>;

/** Readers of the predictions of records; a text says why there is none. */
export function predictionReaders(
  db: Db,
  wanted: string | undefined,
): (record: CollectedRecord) => Promise<Reader | string> {
  const kept = new Map<string, Reader | string>();
  return async ({ predictions, models, reason }) => {
    if (predictions === null) return reason ?? "no predictions";
    const key = JSON.stringify([models, predictions.columns]);
    const known = kept.get(key);
    if (known !== undefined) return known;
    const made = predictionReader(predictions, wanted, await classesOfModels(db, models));
    kept.set(key, made);
    return made;
  };
}

function groupOf(
  groups: Map<string, Group>,
  record: CollectedRecord,
  { from, to, windowMs, by }: Comparison,
  most: number,
): Group {
  const start = windowMs === undefined ? from : Math.floor(record.at / windowMs) * windowMs;
  const revision = by === "revision" ? record.revision : null;
  const model = by === "model" ? record.models.join(" ") : null;
  const key = JSON.stringify([start, revision, model]);
  if (groups.size >= mostGroups && !groups.has(key))
    throw new ModelyardError("invalid-input", { problems: `window: more than ${mostGroups} lines; take a longer one` });
  const group = groups.get(key) ?? {
    ...{ from: start, to: windowMs === undefined ? to : start + windowMs, revision, model, rows: 0, labelled: 0 },
    ...{ labelledRows: thinned<LabelledRow>(most), openRows: thinned<ComparedRow>(most) },
  };
  groups.set(key, group);
  return group;
}

const unsaid = "a row without a prediction";

/** Whether each row says a prediction; rows that do not are left out. */
function addRows(group: Group, record: CollectedRecord, labels: Map<number, OneLabel>, read: Reader): boolean {
  const model = record.models.join(" ");
  let areSaid = true;
  for (const [row, values] of (record.predictions?.rows ?? []).entries()) {
    const prediction = read(values);
    if (prediction === null) {
      areSaid = false;
      continue;
    }
    const compared = { prediction, model, weight: record.weight };
    group.rows += 1;
    const label = labels.get(row);
    const key = `${record.id} ${record.revision} ${row}`;
    if (label !== undefined) {
      group.labelled += 1;
      group.labelledRows.add(key, { ...compared, actual: label.value });
    } else if (prediction.scores !== null) group.openRows.add(key, compared);
  }
  return areSaid;
}

const sorted = (groups: Group[]): Group[] =>
  groups.sort(
    (a, b) => a.from - b.from || (a.revision ?? 0) - (b.revision ?? 0) || ((a.model ?? "") < (b.model ?? "") ? -1 : 1),
  );
