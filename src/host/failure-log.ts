import type { IncomingHttpHeaders } from "node:http";
import type { ErrorCode } from "../contract/errors.ts";
import type { Log } from "../kernel/log.ts";
import { incomingTrace, ownTraceId } from "../kernel/trace-context.ts";

/** What is told of a request that failed: nothing of its body, its key or its answer. */
export interface FailedRequest {
  requestId: string;
  status: number;
  /** Null for a status that an entry script chose. */
  code: ErrorCode | null;
  service?: string;
  revision?: number | undefined;
  durationMs?: number;
  /** Without the query. */
  path?: string;
}

/** One line for each request that failed, as far as they fit. */
export interface FailureLog {
  note(failed: FailedRequest, headers: IncomingHttpHeaders): void;
}

/** Lines a second: a flood of bad requests must not fill the disk. Those left out are counted in the next line. */
const linesASecond = 10;

export function makeFailureLog(log: Log): FailureLog {
  let second = 0;
  let lines = 0;
  let leftOut = 0;
  return {
    note: (failed, headers) => {
      const now = Math.floor(performance.now() / 1000);
      if (now !== second) lines = 0;
      second = now;
      lines += 1;
      if (lines > linesASecond) {
        leftOut += 1;
        return;
      }
      const traceId = incomingTrace(headers)?.traceId ?? ownTraceId(failed.requestId);
      const { durationMs } = failed;
      const took = durationMs === undefined ? {} : { durationMs: Math.round(durationMs * 100) / 100 };
      log.warn({ ...failed, ...took, traceId, ...(leftOut > 0 ? { leftOut } : {}) }, "a scoring request failed");
      leftOut = 0;
    },
  };
}
