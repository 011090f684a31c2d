import type { CompiledInput } from "./compiled-input.ts";
import type { AlsoRule, FieldRule } from "./record-rules.ts";
import type { Traffic } from "./traffic.ts";

/**
 * What the server asks of a host (wanted) and what the host tells (seen). The two are never written by the same side.
 * The host persists the wanted state before it applies it and boots from it, so it serves without a server.
 */
export interface WantedState {
  services: WantedService[];
  /** File on the host with the key of field rules of the kind hmac. */
  recordKeyFile?: string | null;
  /** URL of the server that decides this. The host hands on to it what clients that score may ask for: a start, a stop. */
  server?: string | null;
}

export interface RecordingRule {
  /** Share of the requests whose body and answer are kept: 1 all, 0 none. Usage is counted for all of them. */
  rate: number;
  /** Bytes kept of each body and of each answer; the rest is cut and marked. */
  maxBytes: number;
  /** Kept besides the sample. */
  also?: AlsoRule[];
  /** By the name of a column, of requests and answers alike. What cannot be read as columns is then not kept at all. */
  fields?: Record<string, FieldRule>;
}

export interface WantedService {
  name: string;
  auth: "key" | "none";
  /** SHA-256 of each valid key, hexadecimal. The host never sees a key at rest. */
  keyDigests: string[];
  /** Checks the tokens of the service (kernel/service-token.ts). A state of an older server has none; then no token is valid. */
  tokenSecret?: string;
  /** Bytes a request body may have. */
  maxBodyBytes: number;
  /** Requests of the service in the host at a time; 1024 when not said. */
  maxConcurrentRequests?: number;
  record: RecordingRule;
  /** Whether what scripts collect is kept; it is when not said. */
  collect?: boolean;
  /** By shares alone when not said. */
  traffic?: Traffic;
  /** Origins whose pages may read answers at `/score`; `*` is any. */
  corsOrigins?: string[];
  /** Whether another server answers its paths, of a service that is stopped; else its revisions say so. */
  isElsewhere?: boolean;
  /** None of a service that is stopped: the host knows its keys, to tell its clients so. */
  revisions: WantedRevision[];
}

/** A file of an image, below its folder; a worker compares it with its SHA-256 before it loads anything. */
export interface WantedFile {
  path: string;
  digest: string;
}

export interface WantedModel {
  name: string;
  version: number;
  /** Folder that holds the version's files: `…/azureml-models/<name>/<version>`. */
  path: string;
  files: WantedFile[];
  framework: string | null;
  /** Only of a compiled model: what it takes, as the one it was made of does. */
  input?: CompiledInput;
}

/** A parameter of requests in the signature of a model that MLflow logged; with a shape it is a list. */
export interface LoggedParam {
  name: string;
  type: string;
  shape: (number | null)[] | null;
}

/**
 * What an image expects and answers, as far as it is known. `columns` is the number of values of one row; `types` are those of named columns in
 * MLflow's words, when it was logged with a signature.
 */
export interface Signature {
  input:
    | { kind: "rows"; columns: number | null; names: string[] | null; types?: string[] | undefined }
    | { kind: "text" };
  params?: LoggedParam[] | undefined;
}

/** A server that answers for a revision (contract/upstream.ts). */
export interface WantedUpstream {
  url?: string | undefined;
  command?: string[] | undefined;
  health: string;
  score: string;
  authorizationFile?: string | undefined;
}

export interface WantedRevision {
  number: number;
  /** Per cent of the service's traffic; 0 keeps it warm without traffic (a candidate). */
  share: number;
  image: string;
  /** Absolute path of the interpreter of the image's environment; null when it needs none. */
  python: string | null;
  /** Answers in place of workers that load a model. */
  upstream?: WantedUpstream | null;
  models: WantedModel[];
  script: { folder: string; entry: string; files: WantedFile[] } | null;
  /** Variables the service's settings add to the clean environment of the worker. */
  env: Record<string, string>;
  /** Workers. */
  replicas: number;
  /** Megabytes (10^6 bytes) of memory a worker may use; it is ended above that. No limit when left out. */
  memoryMb?: number;
  /** Milliseconds for one request, from arrival to answer. */
  timeoutMs: number;
  /** Milliseconds of them that a request may wait for a worker; all when not said. */
  maxQueueWaitMs?: number;
  signature: Signature;
  /** Columns of its records are redacted: its workers log no messages of errors, which may quote values. */
  quiet?: boolean;
  /** A request body that is known to fit, or null. */
  sample: string | null;
}

export interface SeenReplica {
  state: "starting" | "ready" | "backoff" | "failed" | "stopping";
  pid: number | null;
  restarts: number;
  /** Why it is not ready, one line. */
  reason: string | null;
}

export interface SeenRevision {
  number: number;
  image: string;
  share: number;
  /** failed = no replica has ever become ready and the host has given up until asked again. */
  state: "starting" | "ready" | "degraded" | "failed" | "draining";
  reason: string | null;
  /** Last lines of its log, when it is failed. */
  logTail: string[];
  replicas: SeenReplica[];
}

export interface SeenState {
  pid: number;
  startedAt: number;
  scoringUrl: string;
  /** Where gRPC is spoken, as clients name it: host:port. */
  grpc: string;
  /** Grows with every change; pass it as `after` to wait for the next one. */
  change: number;
  /** Why a part of the host does not run, one line; not said when all of it does. */
  reason?: string;
  services: { name: string; revisions: SeenRevision[] }[];
  /** Records that could not be kept, by reason, over all lives of the host. */
  dropped: Record<string, number>;
}

/** In the folder of a host beside its spool: how many records it could not keep (kernel/two-slots.ts), as `dropCountsOf` reads it. */
export const dropCountsName = "dropped";

/** Counts by reason of a JSON object; what is none is left out. */
export function dropCountsOf(text: string | undefined): Record<string, number> {
  const told = Object.entries(text === undefined ? {} : (JSON.parse(text) as Record<string, unknown>));
  return Object.fromEntries(told.filter((one): one is [string, number] => Number.isSafeInteger(one[1])));
}

/** Content type of metrics as Prometheus reads them. */
export const metricsContentType = "text/plain; version=0.0.4; charset=utf-8";

/**
 * The host's control socket (HTTP over a Unix socket only its owner can open):
 * PUT /wanted (WantedState) → SeenState · GET /seen?after=<change>&waitMs=<ms> → SeenState ·
 * POST /services/<name>/score and POST /services/<name>/revisions/<n>/score?language=<azure> (no key; the second is not recorded) ·
 * GET /services/<name>/revisions/<n>/logs?tail=<lines>&requestId=<id> → {lines} ·
 * GET /metrics → the metrics of all services as Prometheus reads them · POST /spool/flush?rotate=<true> → {} · POST /shutdown → {}.
 */
export const controlSocketName = "control.sock";

/** The languages the host speaks itself: Azure ML's `/score`, the Open Inference Protocol, MLflow's `/invocations`. */
export const spokenLanguages = ["azure", "inference", "mlflow"] as const;
export type SpokenLanguage = (typeof spokenLanguages)[number];
/** How a request was written: one of those, or as an upstream takes it. */
export type RequestLanguage = SpokenLanguage | "upstream";

/** Head of one spooled record; the request body and the answer follow it as bytes. `at` is epoch ms. */
export interface SpooledHead {
  id: string;
  service: string;
  revision: number;
  image: string;
  /** `name:version` of every model of the image. */
  models: string[];
  at: number;
  durationMs: number;
  status: number;
  /** Whether body and answer are kept (false: the entry only counts towards usage). */
  kept: boolean;
  /** Requests that a kept one stands for, where a sample of them is kept: one over the share. 1 when not said, as of those that are kept in any case. */
  weight?: number;
  /** It is not in the sample and was kept because of what it is. Counted with the sample, such requests would seem more frequent than they are. */
  outOfSample?: boolean;
  bodySize: number;
  answerSize: number;
  /** Bytes of each that follow the head; less than the size when cut. */
  bodyBytes: number;
  answerBytes: number;
  contentType: string | null;
  answerType: string | null;
  /** The trace it belongs to (32 hexadecimal digits), unless that follows from the id (kernel/trace-context.ts). */
  traceId?: string;
  /** The answer went to nobody: it is a mirror's. Not counted as usage. */
  mirrored?: boolean;
  /** Not there in entries of older hosts. */
  language?: RequestLanguage;
  /** Bytes of body and answer that are JSON, when binary tensors of the Open Inference Protocol stand behind it. */
  bodyJsonBytes?: number;
  answerJsonBytes?: number;
  /** What the client calls the request, when that is not the id (host/correlation-id.ts). */
  correlationId?: string;
  /**
   * Who asked: `key:primary`, `key:secondary`, `token:<first 12 digits of the token's SHA-256>`, `server` when it was somebody through the server (`service invoke`);
   * none where no key is needed.
   */
  caller?: string;
  /** Rows the request asked for, where the host read them as rows. */
  rows?: number;
  /** Code of the error it was answered with. */
  error?: string;
}

/** Head of one table that a script collected, among the records of a segment. Only the body follows it. `at` is epoch ms. */
export interface CollectedHead {
  kind: "collected";
  service: string;
  revision: number;
  /** Name and version as the script says them; null when it does not. */
  model: string | null;
  version: string | null;
  /** Name of the collection, such as `inputs` or `model_inputs`. */
  collection: string;
  /** The request it was collected in, where that is known. */
  requestId: string | null;
  /** What joins it with other collections, as the script says it. */
  correlationId: string | null;
  at: number;
  /** `table`: `{"columns":[…],"rows":[[…]]}` (protocol/worker.md). `records`: a list of objects. `text`: not understood. */
  format: "table" | "records" | "text";
  bodyBytes: number;
  answerBytes: 0;
}

/** The head of any entry of a segment. */
export type EntryHead = SpooledHead | CollectedHead;

/** Whether an entry is a collected table; else it is a record. */
export const isCollected = <Entry extends { head: EntryHead }>(
  entry: Entry,
): entry is Entry & { head: CollectedHead } => "kind" in entry.head;

/**
 * A spool segment is a file `<16 digits>.seg`: entries of u32le length (of what follows the next field) · u32le CRC32C (of the same) ·
 * u32le head length · head JSON · body bytes · answer bytes. A torn tail ends the segment.
 */
export const segmentName = (sequence: number): string => `${String(sequence).padStart(16, "0")}.seg`;
