import { ModelyardError } from "../../contract/errors.ts";
import type { Handler, ParsedInputOf } from "../../contract/operations.ts";
import type { Clock } from "../../kernel/clock.ts";
import type { Db } from "../../kernel/db.ts";
import { emit } from "../../kernel/outbox.ts";
import type { BlobStore } from "../../register/ports.ts";
import type { Ingest } from "../collect/ingest.ts";
import { mustBeMonitored } from "../monitored-services.ts";
import { mergeWindowSamples } from "../profile/merge-windows.ts";
import { type Side, selectWindows } from "../profile/rows.ts";
import type { TableProfile } from "../profile/table-profile.ts";
import { windowMs } from "../profile/window.ts";
import { refuseRecordsOff } from "../refuse-records-off.ts";
import { redactionOf } from "../rules/redacted-columns.ts";
import { timeRange } from "../time-range.ts";
import { findBaselinesOf, summarise } from "./find-baselines.ts";
import { keepBaselines } from "./keep-baselines.ts";
import { knownColumns } from "./known-columns.ts";
import { leastRows, profileBaselineFile } from "./profile-file.ts";
import { type Profiled, profileOfSample } from "./profile-rows.ts";
import { type BaselineSource, setImportance } from "./rows.ts";

interface SetBaselinePorts {
  db: Db;
  clock: Clock;
  blobs: BlobStore;
  ingest: Ingest;
}

export const setBaseline =
  (ports: SetBaselinePorts): Handler<"setBaseline"> =>
  async ({ service, since, until, file, importance }, { actor }) => {
    const { db, clock } = ports;
    await mustBeMonitored(db, service);
    const isGiven = since !== undefined || file !== undefined;
    if ((since !== undefined && file !== undefined) || (!isGiven && importance === undefined))
      throw new ModelyardError("invalid-input", {
        problems: "give a window (since, until) or a file, or importance alone",
      });
    const about = { subject: `services/${service}`, actor: actor.name, at: clock.now() };
    let leftOut: string[] = [];
    if (isGiven) {
      const { leftOut: others, ...made } = await profiledBaseline(ports, { service, since, until, file }, about.at);
      leftOut = others;
      refuseUnknown(importance, [made.profiled.inputs?.profile, made.profiled.predictions?.profile]);
      await db.transaction(async (tx) => {
        await keepBaselines(tx, { service }, { ...made, importance, by: actor.name, at: about.at });
        await emit(tx, { ...about, type: "modelyard.baseline.set", data: { service, source: made.source } });
      });
    } else await weigh(db, service, importance ?? {}, about);
    const found = await findBaselinesOf(db, service, undefined);
    return { inputs: summarise(found.inputs), predictions: summarise(found.predictions), leftOut };
  };

/** Gives the baselines that hold for a service other weights. */
async function weigh(
  db: Db,
  service: string,
  importance: Readonly<Record<string, number>>,
  about: { subject: string; actor: string; at: number },
): Promise<void> {
  await db.transaction(async (tx) => {
    const { inputs, predictions } = await findBaselinesOf(tx, service, undefined);
    const [first] = [inputs, predictions].filter((side) => side !== undefined);
    if (first === undefined) throw new ModelyardError("baseline-not-found", { service });
    refuseUnknown(importance, [inputs?.profile, predictions?.profile]);
    for (const side of [inputs, predictions]) if (side !== undefined) await setImportance(tx, side.owner, importance);
    await emit(tx, { ...about, type: "modelyard.baseline.set", data: { service, source: first.source, importance } });
  });
}

/** A weight of a column that is not there would be one of nothing, and hide a mistake. */
function refuseUnknown(
  importance: Readonly<Record<string, number>> = {},
  profiles: readonly (TableProfile | undefined)[],
): void {
  const unknown = Object.keys(importance).filter((name) => !profiles.some((profile) => profile?.columns.has(name)));
  if (unknown.length > 0)
    throw new ModelyardError("invalid-input", {
      problems: `importance: the baseline has no column ${unknown.slice(0, 5).join(", ")}`,
    });
}

async function profiledBaseline(
  ports: SetBaselinePorts,
  { service, since, until, file }: Pick<ParsedInputOf<"setBaseline">, "service" | "since" | "until" | "file">,
  now: number,
): Promise<{ profiled: Record<Side, Profiled | null>; source: BaselineSource; leftOut: string[] }> {
  if (file === undefined) return ofWindow(ports, service, timeRange({ since: since ?? "", until }, now), now);
  const redacted = [...(await redactionOf(ports.db, service)).keys()];
  const known = await knownColumns(ports.db, service);
  const { leftOut, ...profiled } = await profileBaselineFile(ports.blobs, file, redacted, known);
  return {
    ...{ profiled, leftOut },
    source: { kind: "file", digest: file.digest, format: file.format, target: file.target ?? null },
  };
}

/** Of the five-minute windows that hold what is asked about. */
async function ofWindow(
  { db, ingest }: SetBaselinePorts,
  service: string,
  asked: { from: number; to: number },
  now: number,
) {
  await ingest.catchUp();
  const [from, to] = [Math.floor(asked.from / windowMs) * windowMs, Math.ceil(asked.to / windowMs) * windowMs];
  const stored = await selectWindows(db, { service, from, to });
  const of = async (side: Side) =>
    mergeWindowSamples(
      db,
      stored.filter((window) => window.side === side),
    );
  const [inputs, predictions] = [await of("inputs"), await of("predictions")];
  const rows = Math.max(inputs.rows.length, predictions.rows.length);
  if (rows === 0) await refuseRecordsOff(db, service);
  if (rows < leastRows) throw new ModelyardError("baseline-too-small", { service, rows, needed: leastRows });
  const profiled = (sample: typeof inputs) => (sample.rows.length < leastRows ? null : profileOfSample(sample));
  return {
    profiled: { inputs: profiled(inputs), predictions: profiled(predictions) },
    // what is still to come is not in it: it must not be told as lasting until then
    source: { kind: "window", since: from, until: Math.min(to, now) } as const,
    leftOut: [],
  };
}
