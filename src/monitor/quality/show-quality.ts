import { ModelyardError } from "../../contract/errors.ts";
import type { Handler, OutputOf, ParsedInputOf } from "../../contract/operations.ts";
import { cbpeAssumption } from "../../contract/quality.ts";
import { spanMs } from "../../kernel/time-spans.ts";
import { mustKnowService } from "../known-services.ts";
import { timeRange } from "../time-range.ts";
import { fitCalibrations } from "./calibration.ts";
import { type Comparison, readGroups } from "./compared-rows.ts";
import { estimate, measure, taskOf } from "./measure-group.ts";
import type { QualityPorts } from "./ports.ts";

const statisticsWindowMs = 300_000;

export const showQuality =
  (ports: QualityPorts): Handler<"showQuality"> =>
  async (input) => {
    const { db, clock, ingest } = ports;
    const comparison = comparisonOf(input, clock.now());
    await ingest.catchUp();
    await mustKnowService(db, input.service);
    return qualityOf(ports, comparison, input);
  };

/** What stands under `unread` of labels that say nothing about predicted numbers. */
const noNumber = "the label is no number";

type Input = ParsedInputOf<"showQuality">;

/** Quality by window and what predicted, from the labels that are here now: a window that got late labels changes with them. */
export async function qualityOf(
  ports: Pick<QualityPorts, "db" | "readRecords">,
  comparison: Comparison,
  { service, task: wanted, minLabels }: Pick<Input, "service" | "task" | "minLabels">,
): Promise<OutputOf<"showQuality">> {
  const { groups, unread } = await readGroups(ports, comparison);
  const labelled = groups.flatMap(({ labelledRows }) => labelledRows.items());
  const task =
    wanted ??
    taskOf(
      labelled,
      groups.flatMap(({ openRows }) => openRows.items()),
    );
  const calibrations = fitCalibrations(task === "classification" ? labelled : []);
  const items = groups.map((group) => {
    const { from, to, revision, model, rows } = group;
    return {
      ...{ from, to, revision, model, rows, labelled: group.labelled },
      coverage: rows === 0 ? null : group.labelled / rows,
      measured: measure(group, task ?? "classification", minLabels),
      estimated: task === "regression" ? null : estimate(group, calibrations, minLabels),
    };
  });
  const noNumbers = labelled.filter(({ actual }) => typeof actual !== "number").length;
  if (task === "regression" && noNumbers > 0) unread[noNumber] = noNumbers;
  const isEstimated = items.some(({ estimated }) => estimated?.state === "ok");
  return { service, task, assumption: isEstimated ? cbpeAssumption : null, items, unread };
}

function comparisonOf({ service, since, until, window, by, prediction }: Input, now: number): Comparison {
  const refuse = (problems: string) => new ModelyardError("invalid-input", { problems });
  const { from: begin, to } = timeRange({ since, until }, now);
  const windowMs = window === undefined ? undefined : spanMs(window);
  // windows are whole ones
  const from = windowMs === undefined ? begin : Math.floor(begin / (windowMs || 1)) * windowMs;
  if (windowMs !== undefined && (windowMs === 0 || windowMs % statisticsWindowMs !== 0))
    throw refuse("window: is not a multiple of five minutes");
  return { service, from, to, windowMs, by, prediction };
}
