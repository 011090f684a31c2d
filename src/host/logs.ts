import { join } from "node:path";
import { readTextIfAny } from "../kernel/files.ts";

/** Where a revision's log is, under the host's folder. */
export function logPath(folder: string, service: string, revision: number): string {
  return join(folder, "logs", service, `${revision}.log`);
}

/**
 * The last `tail` lines of a revision's log, oldest first, reaching into the rotated file when needed;
 * with `requestId` only the lines the worker wrote for that request. No log gives no lines.
 */
export async function readLog(path: string, tail: number, requestId: string | null): Promise<string[]> {
  const mark = requestId === null ? "" : `[${requestId}] `;
  const lines: string[] = [];
  for (const file of [path, `${path}.1`]) {
    const text = (await readTextIfAny(file)) ?? "";
    const found = text.split("\n").filter((line) => line !== "" && line.includes(mark));
    lines.unshift(...found.slice(-(tail - lines.length)));
    if (lines.length >= tail) break;
  }
  return lines;
}
