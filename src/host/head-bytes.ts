import type { EntryHead, SpooledHead } from "../contract/host.ts";

/** A head as JSON in two pieces, one behind the other. */
export interface HeadPieces {
  first: Uint8Array;
  rest: string;
}

/** Members that every record has for itself. All others are the same for most records of a revision. */
type Own = Pick<
  SpooledHead,
  | ("id" | "at" | "durationMs" | "rows" | "correlationId" | "traceId")
  | ("bodySize" | "answerSize" | "bodyBytes" | "answerBytes" | "bodyJsonBytes" | "answerJsonBytes")
>;
type Shared = Omit<SpooledHead, keyof Own>;

/**
 * What records share is written once: `JSON.stringify` of a whole head was the dearest line of recording (docs/decisions/0023). The test tries
 * every member of a head, so that none is forgotten.
 */
export function headPieces(head: EntryHead): HeadPieces {
  return "kind" in head
    ? { first: Buffer.from(JSON.stringify(head)), rest: "" }
    : { first: sharedBytes(head), rest: ownText(head) };
}

function ownText(head: Own): string {
  const { id, at, durationMs, bodySize, answerSize, bodyBytes, answerBytes } = head;
  let text = `,"id":${quoted(id)},"at":${at},"durationMs":${durationMs},"bodySize":${bodySize},"answerSize":${answerSize}`;
  text += `,"bodyBytes":${bodyBytes},"answerBytes":${answerBytes}`;
  const { rows, bodyJsonBytes, answerJsonBytes, correlationId, traceId } = head;
  if (rows !== undefined) text += `,"rows":${rows}`;
  if (bodyJsonBytes !== undefined) text += `,"bodyJsonBytes":${JSON.stringify(bodyJsonBytes)}`;
  if (answerJsonBytes !== undefined) text += `,"answerJsonBytes":${JSON.stringify(answerJsonBytes)}`;
  if (correlationId !== undefined) text += `,"correlationId":${quoted(correlationId)}`;
  if (traceId !== undefined) text += `,"traceId":${quoted(traceId)}`;
  return `${text}}`;
}

const quoted = (text: string): string => (/^[\w.:-]*$/.test(text) ? `"${text}"` : JSON.stringify(text));

/** The last of each list of models: that is one and the same list for all records of a revision. */
const known = new WeakMap<readonly string[], { shared: Shared; bytes: Uint8Array }>();

function sharedBytes(head: SpooledHead): Uint8Array {
  const last = known.get(head.models);
  if (last !== undefined && isSame(last.shared, head)) return last.bytes;
  const alone: Record<keyof Own, undefined> = {
    ...{ id: undefined, at: undefined, durationMs: undefined, rows: undefined, correlationId: undefined },
    ...{ bodySize: undefined, answerSize: undefined, bodyBytes: undefined, answerBytes: undefined },
    ...{ bodyJsonBytes: undefined, answerJsonBytes: undefined, traceId: undefined },
  };
  const shared = { ...head, ...alone };
  const bytes = Buffer.from(JSON.stringify(shared).slice(0, -1));
  known.set(head.models, { shared, bytes });
  return bytes;
}

/** Of heads with the same list of models. */
const isSame = (a: Shared, b: Shared): boolean =>
  a.service === b.service &&
  a.revision === b.revision &&
  a.image === b.image &&
  a.status === b.status &&
  a.kept === b.kept &&
  a.weight === b.weight &&
  a.outOfSample === b.outOfSample &&
  a.contentType === b.contentType &&
  a.answerType === b.answerType &&
  a.mirrored === b.mirrored &&
  a.language === b.language &&
  a.caller === b.caller &&
  a.error === b.error;
