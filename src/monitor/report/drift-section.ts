import type { ReportSection } from "../../contract/alerts.ts";
import { ModelyardError } from "../../contract/errors.ts";
import { type DriftPorts, driftOf } from "../drift/drift-of.ts";
import type { ReportWindow } from "./ports.ts";

const brief = (value: number | null | undefined) => (value == null ? null : Number(value.toPrecision(3)));
/** Below it a p-value is a rounding error away from 0. */
const surely = 1e-12;
const percent = (share: number) => `${Number((share * 100).toPrecision(3))} %`;

/** Columns that drift first, then those with signals; null without a baseline. */
export const driftSection =
  (ports: DriftPorts) =>
  async ({ service, from, to }: ReportWindow): Promise<ReportSection | null> => {
    const report = await driftOf(ports, service, { since: from, until: to }).catch((error: unknown) => {
      if (error instanceof ModelyardError && error.code === "baseline-not-found") return null;
      throw error;
    });
    if (report === null) return null;
    const columns = [...report.inputs.columns, ...(report.predictions?.columns ?? [])];
    const order = ["drifting", "suspected", "steady", "not-enough-data"];
    const countOf = (wanted: string) => columns.filter(({ state }) => state === wanted).length;
    const untold = countOf("not-enough-data");
    const unsure = untold === 0 ? "" : ` ${untold} of them have not enough data, which is no all-clear.`;
    return {
      title: "Drift",
      note: `${countOf("drifting")} of ${columns.length} columns drift, compared with the baseline in windows of ${report.window}; a column drifts when it differs in ${report.confirm} of the last ${report.of}.${unsure}`,
      head: ["column", "of", "state", "test", "adjusted p", "effect", "its null band", "signals"],
      rows: columns
        .sort((a, b) => order.indexOf(a.state) - order.indexOf(b.state) || b.signals.length - a.signals.length)
        .map(({ column, side, state, test, effect, signals }) => [
          ...[column, side, state, test?.name ?? null],
          test != null && test.adjustedP < surely ? `< ${surely}` : brief(test?.adjustedP),
          ...[effect === null ? null : `${effect.name} ${brief(effect.value)}`, brief(effect?.band)],
          signals.map(({ kind, share }) => `${kind} ${percent(share)}`).join(", ") || null,
        ]),
    };
  };
