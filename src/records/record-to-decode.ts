import type { RequestLanguage } from "../contract/host.ts";

/** A record as the spool and the store have it. */
export interface RecordToDecode {
  status: number;
  body: Uint8Array;
  /** Bytes the body had; more than are here when it was cut. */
  bodySize: number;
  answer: Uint8Array;
  answerSize: number;
  contentType: string | null;
  answerType: string | null;
  /** A record of an older host has none; then it is told from the body. */
  language?: RequestLanguage | undefined;
  /** Bytes that are JSON, when binary tensors follow. */
  bodyJsonBytes?: number | undefined;
  answerJsonBytes?: number | undefined;
}
