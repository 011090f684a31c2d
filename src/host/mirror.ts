import type { ErrorCode } from "../contract/errors.ts";
import { asModelyardError } from "../contract/known-error.ts";
import type { Clock } from "../kernel/clock.ts";
import type { Log } from "../kernel/log.ts";
import type { Admission, Held } from "./admission.ts";
import { askRevision, type Question } from "./ask-revision.ts";
import { bugText } from "./bug-text.ts";
import { keepRecord } from "./keep-record.ts";
import type { Metrics } from "./metrics/metrics.ts";
import { exchangeOf, inSample } from "./record.ts";
import type { Revision } from "./revision.ts";
import type { Service } from "./service-table.ts";
import type { Spool } from "./spool.ts";

export interface MirrorPorts {
  clock: Clock;
  log: Log;
  admission: Admission;
  metrics: Metrics;
  spool: Spool;
}

/** Tells a script that its answer goes to nobody, so that it need not act on it. */
const mirroredHeader = "x-modelyard-mirrored";
/** Copies of one service that may be on their way. */
const mostCopies = 64;

/**
 * Sends a copy of a request that was answered to the revision that mirrors, when it is in the sample, and records what comes back as mirrored. It
 * waits for nothing and never fails. Copies have limits of their own, so none takes the place of a request; what does not fit is counted and left out.
 */
export function mirrorRequest(service: Service, question: Question, ports: MirrorPorts): void {
  const { traffic, name } = service.wanted;
  const { requestId, body } = question.request;
  const mirror = traffic?.mirror;
  if (mirror == null || !inSample(requestId, mirror.rate)) return;
  const count = (outcome: string) => ports.metrics.mirrored(name, mirror.revision, outcome);
  const revision = service.live.get(mirror.revision);
  if (revision === undefined || !revision.isReady()) {
    count("not-ready");
    return;
  }
  const held = enterCopy(name, body.length, ports.admission);
  if (held === undefined) {
    count("busy");
    return;
  }
  void answerCopy(service, revision, question, ports).then((status) => {
    ports.admission.leave(held);
    count(status < 400 ? "answered" : "failed");
  });
}

/** Resolves with the status of the answer when it is recorded. Never rejects. */
async function answerCopy(
  service: Service,
  revision: Revision,
  { codec, request, ...question }: Question,
  ports: MirrorPorts,
): Promise<number> {
  const { requestId } = request;
  const at = ports.clock.now();
  const arrived = performance.now();
  const headers = () => ({ ...question.headers(), [mirroredHeader]: "true" });
  let code: ErrorCode | null = null;
  const ask = async () => askRevision(revision, { codec, request, headers, arrived });
  const answer = await ask().catch((thrown: unknown) => {
    const error = asModelyardError(thrown);
    code = error.code;
    if (error.code === "internal")
      ports.log.error({ requestId, error: bugText(thrown, service.wanted) }, "a mirror met a bug");
    return codec.errorAnswer(error, requestId);
  });
  // nobody reads what would come in pieces: its worker lets go of it
  answer.pieces?.items.destroy();
  const exchange = exchangeOf(
    { requestId, headers: request.headers, service: service.wanted },
    codec.language,
    answer,
    {
      revision: revision.wanted,
      at,
      durationMs: performance.now() - arrived,
      body: request.body,
      bodySize: request.body.length,
      mirrored: true,
      code,
    },
  );
  keepRecord(ports.spool, service.recorder, exchange);
  return answer.status;
}

/** Copies count as those of a service of their own; no service has such a name. Undefined when there is no room. */
function enterCopy(service: string, bytes: number, admission: Admission): Held | undefined {
  let held: Held | undefined;
  try {
    held = admission.enter({ name: `${service}/mirror`, maxConcurrentRequests: mostCopies });
    admission.hold(held, bytes);
    return held;
  } catch {
    if (held !== undefined) admission.leave(held);
    return undefined;
  }
}
