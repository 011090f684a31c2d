import type { ErrorCode } from "../contract/errors.ts";
import type { RequestLanguage, SpooledHead, WantedRevision, WantedService } from "../contract/host.ts";
import { crc32c } from "../kernel/crc32c.ts";
import { traceIdToKeep } from "../kernel/trace-context.ts";
import { lengthHeader } from "../records/inference-body.ts";
import type { RecordToDecode } from "../records/record-to-decode.ts";
import type { Answer } from "./answer.ts";
import { callerOf } from "./auth.ts";
import type { ScoreRequest } from "./codecs/codec.ts";
import { correlationIdOf, sampleIdOf } from "./correlation-id.ts";
import type { SpoolRecord } from "./spool-entry.ts";

/** One scoring request with its answer, as the host saw it. */
export interface Exchange {
  id: string;
  service: string;
  /** The revision that took it, or null when it was refused before one was chosen. */
  revision: WantedRevision | null;
  at: number;
  durationMs: number;
  status: number;
  body: Uint8Array;
  /** Bytes of the body; more than `body` holds when it was refused for its size. */
  bodySize: number;
  answer: Uint8Array;
  /** Bytes of the answer; more than `answer` holds of a long stream. */
  answerSize: number;
  contentType: string | null;
  answerType: string | null;
  /** The trace it belongs to; null when that follows from its id (kernel/trace-context.ts). */
  traceId: string | null;
  /** A copy that a mirror answered. */
  mirrored: boolean;
  language: RequestLanguage;
  /** The header that says how much of a body is JSON, where tensors follow (records/inference-body.ts). */
  bodyJson: unknown;
  answerJson: unknown;
  correlationId: string | undefined;
  /** What the sample goes by. */
  sampleId: string;
  caller: string | undefined;
  /** Rows it asked for, where they were read as rows. */
  rows?: number | undefined;
  /** Of the error that was answered; null when there was none, or the words are not the host's. */
  code?: ErrorCode | null | undefined;
}

type Told = Exclude<
  keyof Exchange,
  "revision" | "at" | "durationMs" | "body" | "bodySize" | "mirrored" | "rows" | "code"
>;

interface Asker {
  service: WantedService;
  /** Who asks, when no key says it. */
  caller?: string | undefined;
}

/** What a request and its answer tell by themselves, and what only the host saw. As a literal: spreading costs each request microseconds. */
export function exchangeOf(
  { requestId, service, headers, caller }: Pick<ScoreRequest, "requestId" | "headers"> & Asker,
  language: RequestLanguage,
  answer: Answer,
  seen: Omit<Exchange, Told>,
): Exchange {
  return {
    id: requestId,
    service: service.name,
    language,
    correlationId: correlationIdOf(headers, requestId),
    sampleId: sampleIdOf(headers, requestId),
    caller: caller ?? callerOf(service, headers.authorization),
    bodyJson: headers[lengthHeader],
    answerJson: answer.headers[lengthHeader],
    revision: seen.revision,
    at: seen.at,
    durationMs: seen.durationMs,
    status: answer.status,
    body: seen.body,
    bodySize: seen.bodySize,
    answer: answer.body,
    answerSize: answer.size ?? answer.body.length,
    contentType: headers["content-type"] ?? null,
    answerType: answer.headers["content-type"]?.toString() ?? null,
    traceId: traceIdToKeep(headers, requestId),
    mirrored: seen.mirrored,
    rows: seen.rows,
    code: seen.code,
  };
}

const nothing = new Uint8Array(0);

/** Whether the request of this id is in the sample: the same id is always judged the same. `rate` is 0 to 1. */
export function inSample(id: string, rate: number): boolean {
  return rate >= 1 || crc32c(Buffer.from(id)) / 2 ** 32 < rate;
}

/** An exchange as its record is decoded. */
export function toDecode(exchange: Exchange): RecordToDecode {
  const { bodyJson, answerJson } = exchange;
  return {
    ...exchange,
    ...(bodyJson === undefined ? {} : { bodyJsonBytes: Number(bodyJson) }),
    ...(answerJson === undefined ? {} : { answerJsonBytes: Number(answerJson) }),
  };
}

/** Turns an exchange into what the spool keeps of it: body and answer when it is `kept`, up to `maxBytes` of each. `weight`: requests that it stands for; `outOfSample`: it is kept all the same. A request that no revision took has revision 0 and no image. */
export function toSpoolRecord(
  exchange: Exchange,
  maxBytes: number,
  kept: boolean,
  weight = 1,
  outOfSample = false,
): SpoolRecord {
  const { revision } = exchange;
  const body = kept ? atMost(exchange.body, maxBytes) : nothing;
  const answer = kept ? atMost(exchange.answer, maxBytes) : nothing;
  const head: SpooledHead = {
    id: exchange.id,
    service: exchange.service,
    revision: revision?.number ?? 0,
    image: revision?.image ?? "",
    models: revision === null ? noModels : modelNamesOf(revision),
    at: exchange.at,
    // to the microsecond: the seventeen digits of a float cost a twentieth of a request, and more where they are read
    durationMs: Math.round(exchange.durationMs * 1000) / 1000,
    status: exchange.status,
    kept,
    bodySize: exchange.bodySize,
    answerSize: exchange.answerSize,
    bodyBytes: body.length,
    answerBytes: answer.length,
    contentType: exchange.contentType,
    answerType: exchange.answerType,
    language: exchange.language,
    correlationId: exchange.correlationId,
    caller: exchange.caller,
    rows: exchange.rows,
    error: exchange.code ?? undefined,
  };
  if (kept && weight !== 1) head.weight = weight;
  if (kept && outOfSample) head.outOfSample = true;
  if (exchange.traceId !== null) head.traceId = exchange.traceId;
  if (exchange.mirrored) head.mirrored = true;
  if (exchange.bodyJson !== undefined) head.bodyJsonBytes = Number(exchange.bodyJson);
  if (exchange.answerJson !== undefined) head.answerJsonBytes = Number(exchange.answerJson);
  return { head, body, answer };
}

const atMost = (bytes: Uint8Array, size: number) => (bytes.length <= size ? bytes : bytes.subarray(0, size));

const noModels: string[] = [];
const modelNames = new WeakMap<WantedRevision, string[]>();

/** Made once for a revision, not for each of its requests. */
function modelNamesOf(revision: WantedRevision): string[] {
  const known = modelNames.get(revision) ?? revision.models.map(({ name, version }) => `${name}:${version}`);
  modelNames.set(revision, known);
  return known;
}
