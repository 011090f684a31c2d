import { sha256 } from "./hash.ts";

/** Where a request stands in a trace. */
export interface TraceContext {
  /** 32 hexadecimal digits. */
  traceId: string;
  traceparent: string;
  tracestate: string | undefined;
}

type Headers = Partial<Record<string, string | string[]>>;

const traceparentForm = /^([0-9a-f]{2})-([0-9a-f]{32})-([0-9a-f]{16})-[0-9a-f]{2}(-.*)?$/;
const uuidForm = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
const zeros = /^0+$/;
const mostMembers = 32;
const longestState = 8192;

/**
 * The trace a caller says its request belongs to, or undefined: a `traceparent` that does not hold to the format counts as none.
 * https://www.w3.org/TR/trace-context-2/#traceparent-header
 */
export function incomingTrace(headers: Headers): TraceContext | undefined {
  const { traceparent } = headers;
  if (typeof traceparent !== "string") return undefined;
  const [, version, traceId, parentId, rest] = traceparentForm.exec(traceparent) ?? [];
  if (version === undefined || traceId === undefined || parentId === undefined) return undefined;
  // later versions may add fields; this one has none
  if (version === "ff" || (version === "00" && rest !== undefined)) return undefined;
  if (zeros.test(traceId) || zeros.test(parentId)) return undefined;
  return { traceId, traceparent, tracestate: usableState(headers.tracestate?.toString()) };
}

/** The list as it came, or undefined when it is no list of `key=value` (tracestate is optional, and a bad one must not cost the trace). */
function usableState(tracestate: string | undefined): string | undefined {
  if (tracestate === undefined || tracestate.length > longestState) return undefined;
  const members = tracestate.split(",").map((member) => member.trim());
  const named = members.filter((member) => member !== "");
  const fits = named.every((member) => /^[a-z0-9][a-z0-9_*/@-]{0,255}=[\x20-\x7e]*$/.test(member));
  return fits && named.length > 0 && named.length <= mostMembers ? tracestate : undefined;
}

/** The trace id of a request that came without a trace: its request id when that is a UUID, as we make it; else its SHA-256. */
export function ownTraceId(requestId: string): string {
  const digits = isUuid(requestId) ? requestId.replaceAll("-", "") : "0";
  return zeros.test(digits) ? sha256(requestId).slice(0, 32) : digits;
}

/** What must be kept of a request so that its trace can be told and found: null when `ownTraceId` tells it. */
export function traceIdToKeep(headers: Headers, requestId: string): string | null {
  if (headers.traceparent === undefined && isUuid(requestId)) return null;
  return incomingTrace(headers)?.traceId ?? ownTraceId(requestId);
}

/** The UUID with these digits: the request id from which `ownTraceId` made this trace id, if it did. */
export const uuidOfTrace = (traceId: string): string =>
  traceId.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");

const isUuid = (text: string): boolean => uuidForm.test(text);

/** A trace that begins with this request. `sampled`: its record is kept, so there is something to find. */
export function newTrace(requestId: string, sampled: boolean): TraceContext {
  const traceId = ownTraceId(requestId);
  // the last 64 bits of the id are random as well, and must not be zero
  const parentId = zeros.test(traceId.slice(16)) ? "0000000000000001" : traceId.slice(16);
  return { traceId, traceparent: `00-${traceId}-${parentId}-0${sampled ? 1 : 0}`, tracestate: undefined };
}

/** The headers with which a request goes on in its trace; what does not hold to the format is left out. */
export function traceHeaders({ traceparent, tracestate }: TraceContext): Record<string, string> {
  return { traceparent, ...(tracestate === undefined ? {} : { tracestate }) };
}
