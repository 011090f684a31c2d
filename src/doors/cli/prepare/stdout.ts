import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { ModelyardError } from "../../../contract/errors.ts";
import type { Tools } from "../tools.ts";

/** Stdout in place of a file: `--output -`. */
export const isStdout = (file: unknown): boolean => file === "-";

/** Throws invalid-input where the bytes of a file would meet a terminal or the value of --json; `flag` is what was typed. */
export function checkStdout(flag: string, tools: Tools): void {
  const problem = (problems: string) => new ModelyardError("invalid-input", { problems });
  if (tools.json) throw problem(`--json and ${flag} both write to stdout`);
  if (tools.terminal.stdout.isTTY) throw problem(`${flag}: stdout is a terminal; redirect it to a file`);
}

export const writeStdout = (body: AsyncIterable<Uint8Array> | Iterable<Uint8Array>, tools: Tools): Promise<void> =>
  pipeline(Readable.from(body), tools.terminal.stdout, { end: false, signal: tools.system.signal });
