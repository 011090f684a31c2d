import type { DriftColumn, DriftReport } from "../../contract/drift.ts";
import { ModelyardError } from "../../contract/errors.ts";
import { type DriftPorts, driftOf } from "../drift/drift-of.ts";
import { readProfile, selectWindows } from "../profile/rows.ts";
import { windowMs as profileMs } from "../profile/window.ts";
import { byWindow } from "./by-window.ts";
import type { Look, Signal } from "./signal.ts";

const hour = 3_600_000;

/** A window of profiles that runs is too short to be compared. */
const lastWindowEnd = (at: number): number => Math.floor(at / profileMs) * profileMs;

/**
 * What the comparison with the baseline tells, in windows as long as `over` says, else as traffic asks for; and how many values are
 * missing. Looked at once for each five minutes of profiles.
 */
export function driftSignals(ports: DriftPorts): Signal[] {
  const reports = byWindow<DriftReport | null>(profileMs);
  const report = ({ service, to, overMs, isFresh }: Look) => {
    const windowMs = overMs === null ? undefined : Math.ceil(overMs / profileMs) * profileMs;
    return reports(`${service} ${windowMs}`, { at: to, isFresh }, () =>
      reportOf(ports, service, windowMs, lastWindowEnd(to)),
    );
  };
  const shares = byWindow<number | null>(profileMs);
  return [
    {
      ...{ name: "drift", unit: "number", argument: "needed", overMs: hour, changesMs: profileMs },
      columnsOf: ["inputs", "predictions"],
      bounds: () => ({ least: 0 }),
      value: async (look, column) => (await columnOf(report(look), column))?.effects.at(-1) ?? null,
    },
    {
      ...{ name: "drifting", unit: "count", argument: "optional", overMs: hour, changesMs: profileMs },
      columnsOf: ["inputs", "predictions"],
      value: async (look, column) => {
        if (column !== null) return asCount(await columnOf(report(look), column));
        const told = await report(look);
        return told === null ? null : columnsOf(told).filter(({ state }) => state === "drifting").length;
      },
    },
    {
      ...{ name: "drift_score", unit: "share", argument: "none", overMs: hour, changesMs: profileMs },
      value: async (look) => (await report(look))?.inputs.score ?? null,
    },
    {
      ...{ name: "missing", unit: "share", argument: "needed", overMs: hour, changesMs: profileMs },
      columnsOf: ["inputs"],
      value: ({ service, from, to, isFresh }, column) =>
        shares(JSON.stringify([service, to - from, column]), { at: to, isFresh }, () => {
          const end = lastWindowEnd(to);
          return missingShare(ports, { service, from: end - (to - from), to: end }, column ?? "");
        }),
    },
  ];
}

/** Null without a baseline. */
async function reportOf(
  ports: DriftPorts,
  service: string,
  windowMs: number | undefined,
  until: number,
): Promise<DriftReport | null> {
  try {
    return await driftOf(ports, service, { windowMs, until });
  } catch (error) {
    if (error instanceof ModelyardError && error.code === "baseline-not-found") return null;
    throw error;
  }
}

const columnsOf = ({ inputs, predictions }: DriftReport): DriftColumn[] => [
  ...inputs.columns,
  ...(predictions?.columns ?? []),
];

/** Of inputs before predictions, should both have it. */
async function columnOf(report: Promise<DriftReport | null>, name: string | null): Promise<DriftColumn | undefined> {
  const told = await report;
  return told === null ? undefined : columnsOf(told).find(({ column }) => column === name);
}

/** 1 while it drifts, 0 while it does not, null while that cannot be told. */
function asCount(column: DriftColumn | undefined): number | null {
  if (column === undefined || column.state === "not-enough-data") return null;
  return column.state === "drifting" ? 1 : 0;
}

/** The share of the rows without a value of a column of the inputs; null when no row of the window has such a column. */
async function missingShare(
  { db }: DriftPorts,
  { service, from, to }: Pick<Look, "service" | "from" | "to">,
  column: string,
): Promise<number | null> {
  const windows = await selectWindows(db, { service, from, to, side: "inputs" });
  let [rows, present, seen] = [0, 0, false];
  for (const window of windows) {
    const profile = (await readProfile(db, window)).columns.get(column);
    rows += window.rows;
    if (profile !== undefined) {
      seen = true;
      present += profile.rows - profile.missing;
    }
  }
  return seen && rows > 0 ? 1 - present / rows : null;
}
