import type { CompiledInput } from "../../contract/compiled-input.ts";
import type { WantedFile } from "../../contract/host.ts";
import type { ScoreMethod } from "../../records/json-rows.ts";

/** Bytes a frame may have after its length field (protocol/worker.md). */
export const frameLimit = 1 << 30;

export interface StartHead {
  type: "start";
  service: string;
  revision: number;
  models: {
    name: string;
    version: number;
    path: string;
    files: WantedFile[];
    framework?: string;
    input?: CompiledInput;
  }[];
  script: { folder: string; entry: string; files: WantedFile[] } | null;
  timeoutMs: number;
  /** What goes wrong with a request is logged without its message, which may quote values. */
  quiet?: boolean;
}

/** What a request asks of a worker, without its bytes. `params` is the JSON text of an object: what a model with parameters is given. */
export type WorkerInput =
  | { kind: "text" }
  | { kind: "http"; method: string; url: string }
  | { kind: "json"; method: ScoreMethod; rows: number; params?: string }
  | { kind: "rows"; method: ScoreMethod; shape: [number, number]; params?: string };

export type ScoreItemHead = WorkerInput & { id: string; size: number; headers?: Record<string, string> };

/** Headers a script chose; a name that comes several times has a list. */
export type ScriptHeaders = Record<string, string | string[]>;

export interface AnswerItemHead {
  id: string;
  status: "ok" | "invalid" | "error" | "timeout";
  size: number;
  contentType?: string;
  httpStatus?: number;
  headers?: ScriptHeaders;
  runMs?: number;
  reason?: string;
  /** The method that was asked for, where the model has none of that name. */
  lacks?: string;
}

/** What the decorators of inference-schema say of run(), as Swagger schemas with examples. */
export interface ScriptSchema {
  input: JsonSchema & { properties?: Record<string, JsonSchema> };
  output: JsonSchema;
  /** The versions of Swagger that can say them: 2.0, 3.0, 3.1. */
  versions: string[];
  /** Parameters without a default. */
  required: string[];
}

export interface JsonSchema {
  type?: string;
  format?: string;
  items?: JsonSchema;
  properties?: Record<string, JsonSchema>;
  example?: unknown;
}

/** What a worker found out of its entry script. */
export interface ReadyScript {
  wantsHeaders: boolean;
  /** What run() is given: the body as text, the members of a JSON object, or the HTTP request. */
  takes: "text" | "json" | "http";
  /** It has run_batch(), which answers all that wait at once. */
  batch: boolean;
  schema?: ScriptSchema;
}

export interface ReadyHead {
  type: "ready";
  /** Version of its Python; a worker of ONNX has none. */
  python?: string;
  script: ReadyScript | null;
  /** It takes `table` frames. */
  tables?: boolean;
  /** Its model has parameters of a prediction. */
  params?: boolean;
  /** Its model reads documents: a row is one text. */
  documents?: boolean;
  /** How many rows a frame should have, where the worker measured it. */
  frameRows?: number;
  /** What a full frame takes, as a worker of ONNX measured it; null when its width is not known. */
  batchMs?: number | null;
  /** The rows of that frame. */
  batchRows?: number;
}

export interface FailedHead {
  type: "failed";
  stage: "verify" | "load" | "import" | "init";
  reason: string;
  traceback: string;
}

/** The first word of an answer that comes piece by piece. `kind` is that of its first piece, null when there is none. */
export interface StreamHead extends Pick<AnswerItemHead, "contentType" | "httpStatus" | "headers"> {
  type: "stream";
  id: string;
  kind: PieceKind | null;
}

/** Text and bytes are as the script gave them; anything else is the text of its JSON. */
export type PieceKind = "text" | "bytes" | "json";

/** A table that a script collected, without its bytes. `at` is epoch ms. */
export interface CollectedItemHead {
  id: string | null;
  model: string;
  version: string;
  collection: string;
  correlation: string | null;
  at: number;
  rows: number;
  size: number;
}

/** Requests of numbers alone, of one method and width: their rows one behind the other, as float64, `rows` of each. */
export interface TableHead {
  type: "table";
  method: ScoreMethod;
  columns: number;
  ids: string[];
  rows: number[];
}

/** What one call of the model gave for all requests of a table: the JSON text of each. */
export interface PredictionsHead {
  type: "predictions";
  runMs: number;
  sizes: number[];
}

export type HostHead =
  | StartHead
  | TableHead
  | { type: "score"; items: ScoreItemHead[] }
  | { type: "cancel"; id: string }
  | { type: "stop" };
export type WorkerHead =
  | ReadyHead
  | FailedHead
  | StreamHead
  | { type: "chunk"; id: string; kind: PieceKind; size: number }
  | { type: "collected"; items: CollectedItemHead[]; dropped: Record<string, number> }
  | PredictionsHead
  | { type: "answers"; items: AnswerItemHead[] };

export interface Frame<Head> {
  head: Head;
  body: Buffer;
}

/** Bytes of a frame that are copied into one piece: one large write costs less than many small ones. */
const smallFrame = 64 * 1024;

/** A frame as the pieces to write one behind the other; large bodies are not copied. Throws RangeError over the frame limit. */
export function encodeFrame(head: HostHead | WorkerHead, bodies: readonly Uint8Array[] = []): Uint8Array[] {
  const text = JSON.stringify(head);
  const headLength = Buffer.byteLength(text, "utf8");
  let length = 4 + headLength;
  for (const body of bodies) length += body.length;
  if (length > frameLimit) throw new RangeError(`a frame of ${length} bytes is over the limit of ${frameLimit}`);
  const isSmall = length <= smallFrame;
  const first = Buffer.allocUnsafe(isSmall ? 4 + length : 8 + headLength);
  first.writeUInt32LE(length, 0);
  first.writeUInt32LE(headLength, 4);
  first.write(text, 8, "utf8");
  if (!isSmall) return [first, ...bodies];
  let offset = 8 + headLength;
  for (const body of bodies) {
    first.set(body, offset);
    offset += body.length;
  }
  return [first];
}

/** The items as a table, when they are one. */
export function tableOf(items: readonly ScoreItemHead[]): TableHead | undefined {
  const [first] = items;
  if (first?.kind !== "rows") return undefined;
  const {
    method,
    shape: [, columns],
  } = first;
  const head: TableHead = { type: "table", method, columns, ids: [], rows: [] };
  for (const item of items) {
    // a model may refuse no rows, and that must not depend on what is asked beside them
    if (item.kind !== "rows" || item.method !== method || item.shape[1] !== columns || item.shape[0] === 0)
      return undefined;
    if (item.params !== undefined) return undefined;
    head.ids.push(item.id);
    head.rows.push(item.shape[0]);
  }
  return head;
}

function decodeFrame<Head>(bytes: Buffer): Frame<Head> {
  const headLength = bytes.readUInt32LE(0);
  if (4 + headLength > bytes.length) throw new RangeError("the head is longer than its frame");
  const head = JSON.parse(bytes.toString("utf8", 4, 4 + headLength)) as Head;
  if (typeof head !== "object" || head === null || Array.isArray(head))
    throw new TypeError("the head is not an object");
  return { head, body: bytes.subarray(4 + headLength) };
}

/**
 * Takes the bytes of a stream in any pieces and gives its frames.
 * Throws RangeError or SyntaxError for bytes that are no frame; the stream cannot be used after that.
 */
export function makeFrameReader<Head>(onFrame: (frame: Frame<Head>) => void): (chunk: Buffer) => void {
  let chunks: Buffer[] = [];
  let have = 0;
  /** Joins what is there only when `size` bytes are, so that a large frame in many pieces is copied once. */
  const take = (size: number): Buffer | undefined => {
    if (have < size) return undefined;
    const all = chunks.length === 1 ? (chunks[0] as Buffer) : Buffer.concat(chunks, have);
    chunks = all.length > size ? [all.subarray(size)] : [];
    have -= size;
    return all.subarray(0, size);
  };
  let wanted: number | undefined;
  return (chunk) => {
    chunks.push(chunk);
    have += chunk.length;
    for (;;) {
      wanted ??= take(4)?.readUInt32LE(0);
      if (wanted === undefined) return;
      if (wanted < 4 || wanted > frameLimit) throw new RangeError(`a frame cannot have ${wanted} bytes`);
      const bytes = take(wanted);
      if (bytes === undefined) return;
      wanted = undefined;
      onFrame(decodeFrame<Head>(bytes));
    }
  };
}

/** The parts of a frame's body, one for each item. Throws RangeError when the sizes do not make up the body. */
export function cutBody(body: Buffer, items: readonly { size: number }[]): Buffer[] {
  let offset = 0;
  const parts = items.map(({ size }) => {
    if (!Number.isInteger(size) || size < 0) throw new RangeError("an item has no size");
    offset += size;
    return body.subarray(offset - size, offset);
  });
  if (offset !== body.length) throw new RangeError(`the items have ${offset} bytes, the body ${body.length}`);
  return parts;
}
