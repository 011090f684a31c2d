import type { WantedService } from "../contract/host.ts";

/** A bug that a request met, for the log: its stack, without its message where columns are redacted, as that may quote values. */
export function bugText(thrown: unknown, { record }: Pick<WantedService, "record">): string {
  const { stack = String(thrown), name } = thrown as Error;
  if (record.fields === undefined) return stack;
  return [name, ...stack.split("\n").filter((line) => /^ {4}at /.test(line))].join("\n");
}
