import { ModelyardError } from "../../contract/errors.ts";
import type { Handler } from "../../contract/operations.ts";
import type { Clock } from "../../kernel/clock.ts";
import type { Db } from "../../kernel/db.ts";
import { emit } from "../../kernel/outbox.ts";
import { sinceMs } from "../../kernel/time-spans.ts";
import type { BlobStore } from "../../register/ports.ts";
import { findService } from "../../use/rows.ts";
import type { Ingest } from "../collect/ingest.ts";
import { mergeWindowSamples } from "../profile/merge-windows.ts";
import { windowMs } from "../profile/profile-records.ts";
import { type Side, selectWindows } from "../profile/rows.ts";
import { redactedColumns } from "../rules/redacted-columns.ts";
import { findBaselinesOf, summarise } from "./find-baselines.ts";
import { keepBaselines } from "./keep-baselines.ts";
import { profileFile } from "./profile-file.ts";
import { type Profiled, profileOfSample } from "./profile-rows.ts";
import type { BaselineSource } from "./rows.ts";

/** Fewer rows say too little of what is usual. */
const leastRows = 50;

interface SetBaselinePorts {
  db: Db;
  clock: Clock;
  blobs: BlobStore;
  ingest: Ingest;
}

export const setBaseline =
  (ports: SetBaselinePorts): Handler<"setBaseline"> =>
  async ({ service, since, until, file }, { actor }) => {
    const { db, clock, blobs } = ports;
    if ((await findService(db, service)) === undefined) throw new ModelyardError("service-not-found", { service });
    if ((since === undefined) === (file === undefined))
      throw new ModelyardError("invalid-input", { problems: "give a window (since, until) or a file" });
    const now = clock.now();
    const made: { profiled: Record<Side, Profiled | null>; source: BaselineSource } =
      file === undefined
        ? await ofWindow(ports, service, sinceMs(since ?? "", now), until === undefined ? now : sinceMs(until, now))
        : {
            profiled: await profileFile(
              blobs,
              file,
              (await redactedColumns(db, service)).map(({ column }) => column),
            ),
            source: { kind: "file", digest: file.digest, format: file.format, target: file.target ?? null },
          };
    await db.transaction(async (tx) => {
      await keepBaselines(tx, { service }, { ...made, by: actor.name, at: now });
      const about = { subject: `services/${service}`, actor: actor.name, at: now };
      await emit(tx, { ...about, type: "modelyard.baseline.set", data: { service, source: made.source } });
    });
    const found = await findBaselinesOf(db, service, undefined);
    return { inputs: summarise(found.inputs), predictions: summarise(found.predictions) };
  };

async function ofWindow({ db, ingest }: SetBaselinePorts, service: string, since: number, until: number) {
  await ingest.catchUp();
  const [from, to] = [Math.floor(since / windowMs) * windowMs, Math.ceil(until / windowMs) * windowMs];
  const stored = await selectWindows(db, { service, from, to });
  const of = async (side: Side) =>
    mergeWindowSamples(
      db,
      stored.filter((window) => window.side === side),
    );
  const [inputs, predictions] = [await of("inputs"), await of("predictions")];
  const rows = Math.max(inputs.rows.length, predictions.rows.length);
  if (rows < leastRows) throw new ModelyardError("baseline-too-small", { service, rows, needed: leastRows });
  const profiled = (sample: typeof inputs) => (sample.rows.length < leastRows ? null : profileOfSample(sample));
  return {
    profiled: { inputs: profiled(inputs), predictions: profiled(predictions) },
    source: { kind: "window", since: from, until: to } as const,
  };
}
