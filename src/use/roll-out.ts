import { ModelyardError } from "../contract/errors.ts";
import type { SeenRevision } from "../contract/host.ts";
import type { Progress } from "../contract/operation.ts";
import { emitServiceEvent, type ServiceEventType } from "./emit-service-event.ts";
import { mustFindImage } from "./get-image.ts";
import type { UsePorts } from "./ports.ts";
import { reconcile } from "./reconcile.ts";
import { activate, findService, insertCandidate, type StoredRevision, setRevisionState } from "./rows.ts";
import { noteServing } from "./served/note-serving.ts";

const startLimitMs = 600_000;

export interface RollOut {
  service: string;
  image: string;
  settings: StoredRevision["settings"];
  by: string;
  /** What is told when the traffic moves. */
  event: ServiceEventType;
  reason: string | null;
  progress: (event: Progress) => void;
}

/**
 * Gives a service a new revision: starts it beside what serves, sends it its sample, then moves the traffic in one step and lets
 * the old one drain. When the new one fails nothing changes, and the error holds the reason with the end of its log.
 */
export async function rollOut(ports: UsePorts, wanted: RollOut): Promise<number> {
  const { service, image, settings, by, progress } = wanted;
  const { db, clock } = ports;
  const ended = ports.locks.endable(service);
  const { manifest, input, digest } = await mustFindImage(db, image);
  const entry = { service, image: digest, models: input.models, settings, createdAt: clock.now(), createdBy: by };
  const revision = await db.transaction(async (tx) => {
    await mustFindImage(tx, digest); // from here on the candidate keeps it from being deleted
    return insertCandidate(tx, entry);
  });
  try {
    progress({ event: "step", step: "start", message: `starting revision ${revision}` });
    await reconcile(ports);
    await waitUntilReady(ports, { service, revision, target: settings.target, ended, progress });
    await trySample(ports, { service, revision, target: settings.target, sample: manifest.sample, progress });
    ended.throwIfAborted();
    await switchTo(ports, wanted, { ...entry, revision, state: "candidate" });
  } catch (error) {
    await db.transaction((tx) => setRevisionState(tx, service, revision, "failed"));
    await reconcile(ports).catch((cause) =>
      ports.log.warn({ service, revision, cause: String(cause) }, "a failed candidate could not be removed yet"),
    );
    throw error;
  }
  progress({ event: "step", step: "switch", message: `revision ${revision} takes the traffic` });
  // It is decided: a target that does not answer just now follows when it does.
  await reconcile(ports).catch((cause) =>
    ports.log.warn({ service, revision, cause: String(cause) }, "the traffic moves when the target answers again"),
  );
  return revision;
}

/** Moves the traffic and tells it, in one transaction. */
function switchTo({ db, clock }: UsePorts, { by, event, reason }: RollOut, candidate: StoredRevision): Promise<void> {
  const { service, revision, image, models } = candidate;
  return db.transaction(async (tx) => {
    const at = clock.now();
    const before = (await findService(tx, service))?.revision ?? 0;
    await activate(tx, candidate, at);
    await noteServing(tx, service, { at, by, serves: true });
    const previous = before === 0 ? null : before;
    await emitServiceEvent(tx, event, { service, by, at, revision, previous, image, models, reason });
  });
}

interface Candidate {
  service: string;
  revision: number;
  target: string;
}

function targetOf({ targets }: Pick<UsePorts, "targets">, name: string) {
  const target = targets[name];
  if (target === undefined)
    throw new ModelyardError("not-supported", {
      what: `There is no target ${name}`,
      instead: `Use one of: ${Object.keys(targets).join(", ")}.`,
    });
  return target;
}

async function waitUntilReady(
  ports: UsePorts,
  { service, revision, target, ended, progress }: Candidate & { ended: AbortSignal; progress: RollOut["progress"] },
): Promise<void> {
  const end = ports.clock.now() + startLimitMs;
  let after = 0;
  let told: string | undefined;
  while (ports.clock.now() < end) {
    ended.throwIfAborted();
    const seen = await targetOf(ports, target).observe({ after, waitMs: 1000 });
    after = seen.change;
    if (seen.reason !== undefined && seen.reason !== told)
      progress({ event: "step", step: "start", message: `waiting: ${seen.reason}` });
    told = seen.reason;
    const found = seen.services
      .find((entry) => entry.name === service)
      ?.revisions.find((entry) => entry.number === revision);
    if (found?.state === "ready") return;
    if (found?.state === "failed") throw failed(service, revision, reasonOf(found));
  }
  throw failed(
    service,
    revision,
    `It was not ready within ${startLimitMs / 1000} s${told === undefined ? "" : `: ${told}`}.`,
  );
}

const failed = (service: string, revision: number, reason: string) =>
  new ModelyardError("revision-failed", { service, revision, reason });

/** The reason with the end of the log, which often says the same again: as its last words, and in how the process ended. */
function reasonOf({ reason, logTail }: SeenRevision): string {
  const told = reason ?? "It failed without a reason.";
  const isTold = (line: string) => {
    const words = line.trim().replace(/^(worker|server) \d+ ended: (exit code \d+: )?/, "");
    return words !== "" && ` ${told}`.endsWith(` ${words}`);
  };
  return [told, ...logTail.filter((line) => !isTold(line)).slice(-20)].join("\n");
}

async function trySample(
  ports: UsePorts,
  { service, revision, target, sample, progress }: Candidate & { sample: string | null; progress: RollOut["progress"] },
): Promise<void> {
  if (sample === null) return;
  progress({ event: "step", step: "sample", message: "sending it the sample request" });
  const answer = await targetOf(ports, target).score(service, revision, sample);
  if (answer.status === 200) return;
  const log = await targetOf(ports, target).logs(service, revision, { tail: 20, requestId: answer.requestId });
  throw failed(
    service,
    revision,
    [`The sample request was answered with ${answer.status}: ${answer.body.slice(0, 2000)}`, ...log].join("\n"),
  );
}

/** The revision of a running service that has the traffic comes back after a stop. */
export async function waitForService(ports: UsePorts, name: string, progress: RollOut["progress"]): Promise<void> {
  const ended = ports.locks.endable(name);
  const service = await findService(ports.db, name);
  if (service === undefined) return;
  const { revision, settings } = service;
  await waitUntilReady(ports, { service: name, revision, target: settings.target, ended, progress });
}
