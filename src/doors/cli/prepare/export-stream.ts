import { resolve } from "node:path";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { Option } from "commander";
import type { BytesAnswer } from "../../../contract/operation.ts";
import type { Preparation } from "../preparation.ts";
import { type Tools, talk } from "../tools.ts";
import { writeVerified } from "./write-verified.ts";

export const outputFlag: NonNullable<Preparation<"exportRecords">["flags"]>[number] = {
  member: "output",
  option: new Option("--output <file>", "File to write (default: stdout)"),
  read: (value) => value,
};

/** Writes what an operation streams to the named file, or to stdout; `what` is the subject of the line that says so. */
export async function writeStream(
  answer: Pick<BytesAnswer, "body">,
  output: unknown,
  what: string,
  tools: Tools,
): Promise<number> {
  const { signal, cwd } = tools.system;
  if (output === undefined) {
    await pipeline(Readable.from(answer.body), tools.terminal.stdout, { end: false, signal });
    return 0;
  }
  const path = resolve(cwd, String(output));
  await writeVerified(path, answer.body);
  talk(tools, `${what} written to ${path}`);
  return 0;
}
