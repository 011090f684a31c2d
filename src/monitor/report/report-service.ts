import type { usageSteps } from "../../contract/monitor.ts";
import type { Handler } from "../../contract/operations.ts";
import { selectEvents } from "../../events/rows/events.ts";
import type { Db } from "../../kernel/db.ts";
import { spanMs } from "../../kernel/time-spans.ts";
import { describeAlert } from "../alerts/describe-alert.ts";
import { selectAlerts, selectStates } from "../alerts/rows.ts";
import { mustKnowService } from "../known-services.ts";
import { findMonitored } from "../monitored-services.ts";
import { timeRange } from "../time-range.ts";
import { selectModelsOfImages, selectUsage, type UsageSlot } from "../usage/rows.ts";
import { makeSeries } from "../usage/series.ts";
import { mergeUsage, noUsage, type Usage, usageTotals } from "../usage/usage.ts";
import type { ReportPorts, ReportWindow } from "./ports.ts";

/** Reads stored statistics only: what a report costs does not depend on how many requests it is about. */
export const reportService =
  ({ db, clock, ingest, sections }: ReportPorts): Handler<"reportService"> =>
  async ({ name, since }) => {
    await ingest.catchUp();
    await mustKnowService(db, name);
    const found = await findMonitored(db, name);
    const to = clock.now();
    const asked = timeRange({ since }, to);
    const every = stepOf(to - asked.from);
    const step = spanMs(every);
    const from = Math.floor(asked.from / step) * step;
    const slots = await selectUsage(db, name, from / 60_000);
    const models = await selectModelsOfImages(db);
    const series = makeSeries(every, from / 60_000, to);
    for (const slot of slots) series.add(slot);
    const [all] = groupsOf(slots, () => 0);
    const window = { service: name, from, to };
    const told = await Promise.all(sections.map((section) => section(window)));
    return {
      ...{ service: name, from, to, every, running: found?.isRunning(to) ?? false },
      revision: found?.revision || null,
      models: [...(found?.models ?? [])],
      usage: all === undefined ? null : usageTotals(all.usage),
      series: series.points(),
      revisions: groupsOf(slots, ({ revision }) => revision).map(({ key, usage, first }) => ({
        ...{ revision: key, models: models.get(first.image) ?? [] },
        ...usageTotals(usage),
      })),
      callers: groupsOf(slots, ({ caller }) => caller).map(({ key, usage }) => ({
        caller: key,
        ...usageTotals(usage),
      })),
      ...(await alertsOf(db, window)),
      sections: told.filter((section) => section !== null),
    };
  };

/** The shortest step of which a plot has room for all, and that is kept for so long. */
function stepOf(lengthMs: number): (typeof usageSteps)[number] {
  if (lengthMs <= spanMs("1d")) return "5m";
  return lengthMs <= spanMs("14d") ? "1h" : "1d";
}

/** Usage by what `keyOf` gives, most requests first. */
function groupsOf<Key>(slots: readonly UsageSlot[], keyOf: (slot: UsageSlot) => Key) {
  const groups = new Map<Key, { key: Key; usage: Usage; first: UsageSlot }>();
  for (const slot of slots) {
    const key = keyOf(slot);
    const group = groups.get(key) ?? { key, usage: noUsage(), first: slot };
    groups.set(key, group);
    mergeUsage(group.usage, slot);
  }
  return [...groups.values()].sort((a, b) => b.usage.requests - a.usage.requests);
}

const mostChanges = 100;
const changes = ["pending", "passed", "firing", "resolved"];

/** The alerts that watch a service, and what they told of it in the window. */
async function alertsOf(db: Db, { service, from, to }: ReportWindow) {
  const states = (await selectStates(db)).filter((state) => state.service === service);
  const types = changes.map((change) => `alert.${change}`);
  const events = await selectEvents(db, { types, since: from, limit: 1000 });
  return {
    alerts: (await selectAlerts(db, { service })).map((alert) => describeAlert(alert, states, to)),
    alertChanges: events
      .filter(({ data }) => data.service === service)
      .slice(-mostChanges)
      .map(({ at, type, data }) => ({
        ...{ at, alert: String(data.alert), change: type.split(".").at(-1) ?? "", text: String(data.text) },
      })),
  };
}
