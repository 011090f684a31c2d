import type { DriftReport } from "../../contract/drift.ts";
import { ModelyardError } from "../../contract/errors.ts";
import type { Clock } from "../../kernel/clock.ts";
import type { Db } from "../../kernel/db.ts";
import {
  findBaselinesOf,
  type OwnedBaseline,
  redactedFor,
  summarise,
  withoutRedacted,
} from "../baseline/find-baselines.ts";
import { mergeWindows } from "../profile/merge-windows.ts";
import { type Side, type StoredWindow, selectWindows, type TimeWindow } from "../profile/rows.ts";
import { layoutOf, noTable } from "../profile/table-profile.ts";
import { windowMs as fiveMinutes } from "../profile/window.ts";
import { isRuleOf } from "../rules/redacted-columns.ts";
import { chooseWindow, windowText } from "./choose-window.ts";
import { distributionOf } from "./distribution.ts";
import { judge } from "./judge.ts";
import { type ColumnWindow, compareTables, defaultPolicy, type Policy } from "./policy.ts";
import { segmentsOf } from "./segments.ts";
import { newestWindows, type Redactions, redactionsIn, redactionsOf } from "./window-redactions.ts";

export interface DriftQuery {
  /** Length of a window; chosen by traffic when not given. A multiple of five minutes. */
  windowMs?: number | undefined;
  /** End of the last window, epoch ms; when not given, that of the present five minutes, or of those before until there are rows in them. */
  until?: number | undefined;
  /** Begin of the first window; eight windows before the end when not given. At least m windows are compared. */
  since?: number | undefined;
  revision?: number | undefined;
  /** A column whose values are compared apart. */
  by?: string | undefined;
  /** A column whose spread is told. */
  distribution?: string | undefined;
  /** Weights of columns in the score; those of the baseline when none are given. */
  importance?: Readonly<Record<string, number>> | undefined;
  policy?: Policy | undefined;
}

export interface DriftPorts {
  db: Db;
  clock: Clock;
}

type SideReport = DriftReport["inputs"];
type Distributions = DriftReport["distributions"];

const shownWindows = 8;
const mostWindows = 200;

/** Compares the windows of a service with its baseline. Throws baseline-not-found; invalid-input for a column that it does not have. */
export async function driftOf(ports: DriftPorts, service: string, query: DriftQuery = {}): Promise<DriftReport> {
  const { db, clock } = ports;
  const { revision, policy = defaultPolicy, by, distribution } = query;
  const until =
    query.until === undefined
      ? await presentEnd(db, { service, revision, now: clock.now() })
      : Math.ceil(query.until / fiveMinutes) * fiveMinutes;
  const length = query.windowMs ?? (await chooseWindow(db, service, until));
  const windows = await windowsOf(db, { service, revision, until, since: query.since, length, policy });
  const redactions = await redactionsOf(db, service, windows);
  const baselines = await findBaselinesOf(
    db,
    service,
    revision,
    redactionsIn(redactions, newestWindows(windows, policy)),
  );
  const { inputs, predictions } = baselines;
  const asked = query.importance ?? {};
  const weightsOf = (baseline: OwnedBaseline) => (Object.keys(asked).length > 0 ? asked : baseline.importance);
  if (inputs === undefined && predictions === undefined) throw new ModelyardError("baseline-not-found", { service });
  refuseUnknown({ importance: Object.keys(asked), distribution: distribution === undefined ? [] : [distribution] }, [
    inputs,
    predictions,
  ]);
  if (by !== undefined && inputs !== undefined) refuseUnknown({ by: [by] }, [inputs]);
  const report = async (side: Side, baseline: OwnedBaseline | undefined) =>
    baseline === undefined
      ? null
      : reportSide(db, {
          ...{ side, baseline, windows, redactions, policy, distribution },
          importance: weightsOf(baseline),
        });
  const ofInputs = await report("inputs", inputs);
  const ofPredictions = await report("predictions", predictions);
  return {
    service,
    revision: revision ?? null,
    window: windowText(length),
    confirm: policy.confirm,
    of: policy.windows,
    windows: windows.map(({ from, to, stored }) => ({ from, to, rows: rowsOf(stored) })),
    baseline: { inputs: summarise(inputs), predictions: summarise(predictions) },
    inputs: ofInputs?.report ?? { score: null, columns: [] },
    predictions: ofPredictions?.report ?? null,
    segments:
      by === undefined || inputs === undefined
        ? null
        : await segmentsOf(db, { by, baseline: inputs, windows, policy, importance: weightsOf(inputs) }),
    newColumns: ofInputs?.newColumns ?? [],
    redacted: [...new Set([...(inputs?.redacted ?? []), ...(predictions?.redacted ?? [])])],
    distributions: [...(ofInputs?.distributions ?? []), ...(ofPredictions?.distributions ?? [])],
  };
}

/** Five minutes that have just begun are not over: without a row they would say of all columns that there is not enough data. */
async function presentEnd(
  db: Db,
  { service, revision, now }: { service: string; revision: number | undefined; now: number },
): Promise<number> {
  const begun = Math.floor(now / fiveMinutes) * fiveMinutes;
  const stored = await selectWindows(db, { service, revision, from: begun, to: begun + fiveMinutes });
  return stored.length === 0 ? begun : begun + fiveMinutes;
}

/** A column that is not there would be told nothing about, as if there was nothing to tell. */
function refuseUnknown(
  asked: Readonly<Record<string, readonly string[]>>,
  baselines: readonly (OwnedBaseline | undefined)[],
): void {
  const has = (column: string) => baselines.some((baseline) => baseline?.profile.columns.has(column));
  const isRedacted = (column: string) =>
    baselines.some((baseline) => baseline?.redacted.some((rule) => isRuleOf(rule, column)));
  const problem = (column: string) =>
    isRedacted(column)
      ? `${column} is not compared, as rules change what is kept of it`
      : `the baseline has no column ${column}`;
  const problems = Object.entries(asked).flatMap(([member, columns]) =>
    columns.filter((column) => !has(column)).map((column) => `${member}: ${problem(column)}`),
  );
  if (problems.length > 0) throw new ModelyardError("invalid-input", { problems });
}

/** Rows of a window: those of inputs, or of predictions where inputs could not be read. */
function rowsOf(stored: readonly StoredWindow[]): number {
  const of = (side: Side) => stored.reduce((sum, window) => sum + (window.side === side ? window.rows : 0), 0);
  return Math.max(of("inputs"), of("predictions"));
}

interface WindowsQuery {
  service: string;
  revision: number | undefined;
  until: number;
  since: number | undefined;
  length: number;
  policy: Policy;
}

async function windowsOf(
  db: Db,
  { service, revision, until, since, length, policy }: WindowsQuery,
): Promise<TimeWindow[]> {
  const wanted = since === undefined ? shownWindows : Math.ceil((until - since) / length);
  const count = Math.min(mostWindows, Math.max(policy.windows, wanted));
  const first = until - count * length;
  const stored = await selectWindows(db, { service, revision, from: first, to: until });
  return Array.from({ length: count }, (_, i) => {
    const [from, to] = [first + i * length, first + (i + 1) * length];
    return { from, to, stored: stored.filter(({ at }) => at >= from && at < to) };
  });
}

async function reportSide(
  db: Db,
  given: {
    side: Side;
    baseline: OwnedBaseline;
    windows: readonly TimeWindow[];
    redactions: Redactions;
    policy: Policy;
    importance: Readonly<Record<string, number>>;
    distribution: string | undefined;
  },
): Promise<{ report: SideReport; newColumns: string[]; distributions: Distributions }> {
  const { side, baseline, windows, redactions, policy, importance, distribution: column } = given;
  const found: ColumnWindow[][] = [];
  const distributions: Distributions = [];
  const seen = new Set<string>();
  for (const window of windows) {
    const { from, to } = window;
    const keys = window.stored.filter((stored) => stored.side === side);
    const current = keys.length === 0 ? noTable() : await mergeWindows(db, keys, baseline);
    // a column that is compared in the newest windows may have been redacted in older ones: there it has not enough data
    current.columns = withoutRedacted(current.columns, redactedFor(baseline, redactionsIn(redactions, [window])));
    for (const column of current.columns.keys()) seen.add(column);
    found.push(compareTables(baseline, current, policy));
    const before = column === undefined ? undefined : baseline.profile.columns.get(column);
    const now = column === undefined ? undefined : current.columns.get(column);
    if (column !== undefined && before !== undefined && now !== undefined)
      distributions[0] = distributionOf({ side, column, from, to }, layoutOf(baseline.layout, column), before, now);
  }
  const newColumns = [...seen].filter(
    (column) => !baseline.profile.columns.has(column) && !baseline.redacted.some((rule) => isRuleOf(rule, column)),
  );
  return { report: judge(side, found, policy, importance), newColumns, distributions };
}
