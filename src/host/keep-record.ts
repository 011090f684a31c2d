import type { RecordingRule } from "../contract/host.ts";
import { decodeRecord } from "../records/decode-record.ts";
import { isLowConfidence } from "../records/redact/low-confidence.ts";
import { redactRecord } from "../records/redact/redact-record.ts";
import { makeRedactor, type Redactor } from "../records/redact/redactor.ts";
import { type Exchange, inSample, toDecode, toSpoolRecord } from "./record.ts";
import type { Spool } from "./spool.ts";
import type { SpoolRecord } from "./spool-entry.ts";

/** Makes what the spool keeps of the exchanges of one service. */
export interface Recorder {
  /** The rules of its columns; undefined when it has none, null when their key is not there. */
  redactor: Redactor | null | undefined;
  /** `lost`: why a record that should be kept is not. */
  record(exchange: Exchange): { entry: SpoolRecord; lost?: LostReason };
}

/** not-redactable: it could not be read as columns. no-record-key: the key of its rules is not there. */
export type LostReason = "not-redactable" | "no-record-key";

/** Bytes of a body or an answer that are read before they are written: reading takes the time of other requests. */
const longestRead = 1 << 20;

/** `key` is that of rules of the kind hmac. A service without rules pays for none. */
export function makeRecorder(rule: RecordingRule, key: Buffer | null): Recorder {
  const { rate, maxBytes, also = [], fields } = rule;
  const sampledWeight = rate > 0 && rate < 1 ? 1 / rate : 1;
  if (fields === undefined && (also.length === 0 || rate >= 1))
    return {
      redactor: undefined,
      record: (exchange) => ({ entry: toSpoolRecord(exchange, maxBytes, isSampled(exchange, rate), sampledWeight) }),
    };
  const redactor = fields === undefined ? undefined : makeRedactor(fields, key);
  const alwaysErrors = also.some(({ kind }) => kind === "errors");
  const lowConfidence = also.filter((one) => one.kind === "low-confidence");
  return {
    redactor,
    record: (exchange) => {
      const decode = onceDecoded(exchange);
      // What is kept in any case stands for itself, also when it is in the sample.
      const isOwed =
        (alwaysErrors && exchange.status >= 400) || (lowConfidence.length > 0 && isUnsure(decode(), lowConfidence));
      const sampled = isSampled(exchange, rate);
      const isKept = isOwed || sampled;
      const weight = isOwed ? 1 : sampledWeight;
      if (redactor === undefined) return { entry: toSpoolRecord(exchange, maxBytes, isKept, weight, !sampled) };
      if (!isKept) return { entry: toSpoolRecord(withoutWords(exchange), maxBytes, false) };
      if (redactor === null)
        return { entry: toSpoolRecord(withoutWords(exchange), maxBytes, false), lost: "no-record-key" };
      const redacted = redactedExchange(exchange, decode(), redactor);
      if (redacted !== null) return { entry: toSpoolRecord(redacted, maxBytes, true, weight, !sampled) };
      return { entry: toSpoolRecord(withoutWords(exchange), maxBytes, false), lost: "not-redactable" };
    },
  };
}

const isSampled = ({ sampleId }: Exchange, rate: number): boolean => inSample(sampleId, rate);

type Decoded = ReturnType<typeof decodeRecord>;

/** Null when no revision took the request, so that nothing is known of its columns, and for what is too long to be read here. */
function onceDecoded(exchange: Exchange): () => Decoded | null {
  let decoded: Decoded | null | undefined;
  return () => {
    if (decoded === undefined) {
      const { revision, body, answer } = exchange;
      const isShort = body.length <= longestRead && answer.length <= longestRead;
      decoded = revision !== null && isShort ? decodeRecord(toDecode(exchange), revision.signature) : null;
    }
    return decoded;
  };
}

const isUnsure = (decoded: Decoded | null, rules: Parameters<typeof isLowConfidence>[1]): boolean =>
  decoded?.predictions != null && isLowConfidence(decoded.predictions, rules);

function redactedExchange(exchange: Exchange, decoded: Decoded | null, redactor: Redactor): Exchange | null {
  const { revision, language, status } = exchange;
  if (decoded === null || revision === null || isPlainText(exchange, redactor)) return null;
  const failed = status < 200 || status > 299;
  const redacted = redactRecord(decoded, redactor, { language, signature: revision.signature, failed });
  if (redacted === null) return null;
  const body = Buffer.from(redacted.body, "utf8");
  const answer = Buffer.from(redacted.answer ?? wordlessError(exchange), "utf8");
  const json = "application/json";
  return {
    ...withoutWords(exchange),
    ...{ body, bodySize: body.length, contentType: json },
    ...{ answer, answerSize: answer.length, answerType: json },
  };
}

/** The words of an error may quote what was sent. */
const wordlessError = ({ code, status }: Exchange): string =>
  JSON.stringify({ error: code == null ? { status } : { code } });

/** What is no list of values but a text may hold any of those that were sent, unless a rule covers all of it. */
const isPlainText = ({ answerType, status }: Exchange, redactor: Redactor): boolean =>
  status < 300 && !/\bjson\b|octet-stream/i.test(answerType ?? "json") && redactor.of("prediction") === undefined;

/** Without what a client may have written as it liked. */
const withoutWords = (exchange: Exchange): Exchange => ({
  ...exchange,
  ...{ contentType: null, answerType: null, bodyJson: undefined, answerJson: undefined },
});

/** Spools what the rules of its service keep of an exchange; what they cannot keep is counted. */
export function keepRecord(spool: Spool, recorder: Recorder, exchange: Exchange): void {
  spool.append(() => {
    const { entry, lost } = recorder.record(exchange);
    if (lost !== undefined) spool.drop(lost, 1);
    return entry;
  });
}
