import { ModelyardError } from "../../contract/errors.ts";
import type { Handler, OutputOf, ParsedInputOf } from "../../contract/operations.ts";
import { spanMs } from "../../kernel/time-spans.ts";
import { resolveRecorded } from "../../register/find-model.ts";
import { droppedRecords } from "../collect/dropped-records.ts";
import type { Ingest } from "../collect/ingest.ts";
import { mustKnowService } from "../known-services.ts";
import type { MonitorPorts } from "../ports.ts";
import { timeRange } from "../time-range.ts";
import { keptSpan } from "./compact-usage.ts";
import { selectModelsOfImages, selectUsage, selectUsedServices, type UsageSlot } from "./rows.ts";
import { makeSeries, type Series } from "./series.ts";
import { mergeUsage, noUsage, type Usage, usageTotals } from "./usage.ts";

type Item = OutputOf<"summariseUsage">["items"][number];
type Group = Pick<Item, "service" | "revision" | "model" | "caller">;
type Step = NonNullable<ParsedInputOf<"summariseUsage">["every"]>;

const defaultSince: Record<Step, string> = { "5m": "24h", "1h": "7d", "1d": "90d" };

export const summariseUsage =
  ({
    db,
    clock,
    spool,
    ingest,
  }: Pick<MonitorPorts, "db" | "clock" | "spool"> & { ingest: Ingest }): Handler<"summariseUsage"> =>
  async ({ by, service, model, every, since = every && defaultSince[every] }) => {
    await ingest.catchUp();
    await mustKnowService(db, service);
    const now = clock.now();
    const from = since === undefined ? 0 : firstMinute(timeRange({ since }, now).from, now);
    const models = await selectModelsOfImages(db);
    const wanted = await resolveRecorded(db, model);
    const shows = (name: string) =>
      wanted === undefined ||
      (wanted.version === undefined ? name.startsWith(`${wanted.name}:`) : name === `${wanted.name}:${wanted.version}`);
    const groups = new Map<string, { group: Group; total: Usage; series: Series | undefined }>();
    const add = (group: Group, slot: UsageSlot) => {
      const key = JSON.stringify(group);
      let found = groups.get(key);
      if (found === undefined) {
        const series = every === undefined ? undefined : makeSeries(every, from, now);
        found = { group, total: noUsage(), series };
        groups.set(key, found);
      }
      mergeUsage(found.total, slot);
      found.series?.add(slot);
    };
    if (every !== undefined) refuseFinerThanKept(every, from, now);
    for (const name of service === undefined ? await selectUsedServices(db) : [service])
      for (const slot of await selectUsage(db, name, from)) {
        const shown = (models.get(slot.image) ?? []).filter(shows);
        if (wanted !== undefined && shown.length === 0) continue;
        for (const group of groupsOf(by, slot, shown)) add(group, slot);
      }
    const items = [...groups.values()].sort(inOrder).map(({ group, total, series }) => ({
      ...group,
      ...usageTotals(total),
      ...(series === undefined ? {} : { series: series.points() }),
    }));
    return { items, nextPageToken: null, dropped: await droppedRecords({ db, spool }) };
  };

function groupsOf(by: ParsedInputOf<"summariseUsage">["by"], slot: UsageSlot, models: readonly string[]): Group[] {
  const { service, revision, caller } = slot;
  const none = { service: null, revision: null, model: null, caller: null };
  switch (by) {
    case "service":
      return [{ ...none, service }];
    case "revision":
      return [{ ...none, service, revision }];
    case "caller":
      return [{ ...none, service, caller }];
    case "model":
      return models.map((model) => ({ ...none, model }));
  }
}

function inOrder({ group: a }: { group: Group }, { group: b }: { group: Group }): number {
  const text = (one: Group) => one.service ?? one.model ?? "";
  if (text(a) !== text(b)) return text(a) < text(b) ? -1 : 1;
  return (a.revision ?? 0) - (b.revision ?? 0) || ((a.caller ?? "") < (b.caller ?? "") ? -1 : 1);
}

/** Where usage begins that is told from a moment on: with the span that may hold it. Minutes since 1970. */
function firstMinute(at: number, now: number): number {
  const minute = Math.floor(at / 60_000);
  const span = keptSpan(minute, now);
  return Math.floor(minute / span) * span;
}

/** Throws invalid-input for steps that are shorter than what is kept of that time. */
function refuseFinerThanKept(every: Step, from: number, now: number): void {
  const span = keptSpan(from, now);
  if (span > spanMs(every) / 60_000)
    throw new ModelyardError("invalid-input", {
      problems: `every: usage is kept by the minute for 3 days and by the hour for 90; for that time use ${span === 60 ? "1h" : "1d"}`,
    });
}
