import type { ReportSection } from "../../contract/alerts.ts";
import { ModelyardError } from "../../contract/errors.ts";
import { type DriftPorts, driftOf } from "../drift/drift-of.ts";
import type { ReportWindow } from "./ports.ts";

const brief = (value: number | null | undefined) => (value == null ? null : Number(value.toPrecision(3)));
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
    const drifting = columns.filter(({ state }) => state === "drifting").length;
    return {
      title: "Drift",
      note: `${drifting} of ${columns.length} columns drift, compared with the baseline in windows of ${report.window}; a column drifts when it differs in ${report.confirm} of the last ${report.of}.`,
      head: ["column", "of", "state", "test", "adjusted p", "effect", "its null band", "signals"],
      rows: columns
        .sort((a, b) => order.indexOf(a.state) - order.indexOf(b.state) || b.signals.length - a.signals.length)
        .map(({ column, side, state, test, effect, signals }) => [
          ...[column, side, state, test?.name ?? null, brief(test?.adjustedP)],
          ...[effect === null ? null : `${effect.name} ${brief(effect.value)}`, brief(effect?.band)],
          signals.map(({ kind, share }) => `${kind} ${percent(share)}`).join(", ") || null,
        ]),
    };
  };
