import { resolve } from "node:path";
import { Option } from "commander";
import type { BytesAnswer } from "../../../contract/operation.ts";
import type { Preparation } from "../preparation.ts";
import { printJson, type Tools, talk } from "../tools.ts";
import { isStdout, writeStdout } from "./stdout.ts";
import { writeVerified } from "./write-verified.ts";

export const outputFlag: NonNullable<Preparation<"exportRecords">["flags"]>[number] = {
  member: "output",
  option: new Option("--output <file>", "File to write (default: -, stdout)"),
  read: (value) => value,
};

/** Writes what an operation streams to the named file, or to stdout. `what` is the subject of the line that says so, `none` what is said where nothing came. */
export async function writeStream(
  answer: Pick<BytesAnswer, "body">,
  { output, what, none }: { output: unknown; what: string; none: string },
  tools: Tools,
): Promise<number> {
  let bytes = 0;
  const counted = async function* () {
    for await (const chunk of answer.body) {
      bytes += chunk.length;
      yield chunk;
    }
  };
  const path = output === undefined || isStdout(output) ? undefined : resolve(tools.system.cwd, String(output));
  await (path === undefined ? writeStdout(counted(), tools) : writeVerified(path, counted()));
  if (bytes === 0) talk(tools, none);
  if (path === undefined) return 0;
  if (tools.json) printJson(tools, { path });
  else talk(tools, `${what} written to ${path}`);
  return 0;
}
