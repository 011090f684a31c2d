import type { ErrorCode, ModelyardError } from "./errors.ts";

/** The documented table of exit codes of the CLI (docs/guide/exit-codes.md). */
export const exitCodes = {
  done: 0,
  mistake: 2,
  notFound: 3,
  refused: 4,
  unreachable: 5,
  bug: 70,
  interrupted: 130,
} as const;

const unreachable: ReadonlySet<ErrorCode> = new Set([
  "server-unreachable",
  "server-start-failed",
  "host-unreachable",
  "source-unreadable",
]);

/** The exit code that belongs to an error. */
export function exitCodeOf(error: ModelyardError): number {
  if (error.code === "interrupted") return exitCodes.interrupted;
  if (unreachable.has(error.code)) return exitCodes.unreachable;
  if (error.status === 404) return exitCodes.notFound;
  if ([401, 403, 409, 507].includes(error.status)) return exitCodes.refused;
  return error.status < 500 ? exitCodes.mistake : exitCodes.bug;
}
