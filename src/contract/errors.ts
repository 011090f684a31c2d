import { type ErrorCode, errorTable } from "./error-table.ts";

export { type ErrorCode, errorTable };

export type ErrorDetails = Record<string, string | number | boolean | readonly string[] | undefined>;

/** What a client is told: the same shape over HTTP and on stderr. */
export interface PublicError {
  code: ErrorCode;
  message: string;
  fix: string;
  docs: string;
  requestId?: string | undefined;
}

function fill(text: string, details: ErrorDetails): string {
  return text.replace(/\{(\w+)\}/g, (_, name: string) => {
    const value = details[name];
    return Array.isArray(value) ? value.join(", ") : String(value ?? `(${name} not known)`);
  });
}

/** A failure that is somebody's mistake or a known condition, never a bug: it has a code, a public text and a fix. */
export class ModelyardError extends Error {
  readonly code: ErrorCode;
  readonly status: number;
  readonly fix: string;
  readonly details: ErrorDetails;

  constructor(code: ErrorCode, details: ErrorDetails = {}, options?: { cause?: unknown }) {
    const entry = errorTable[code];
    super(fill(entry.message, details), options);
    this.name = "ModelyardError";
    this.code = code;
    this.status = entry.status;
    // `near` is the name that may be meant in place of one that is not there
    this.fix = fill(details.near === undefined ? entry.fix : `Did you mean {near}? ${entry.fix}`, details);
    this.details = details;
  }

  toPublic(requestId?: string): PublicError {
    return { code: this.code, message: this.message, fix: this.fix, docs: `/docs/errors/${this.code}`, requestId };
  }
}
