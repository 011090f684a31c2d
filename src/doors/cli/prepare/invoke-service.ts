import { readFile } from "node:fs/promises";
import { resolve } from "node:path";
import { Option } from "commander";
import { ModelyardError } from "../../../contract/errors.ts";
import type { InputOf } from "../../../contract/operations.ts";
import type { Given, Preparation } from "../preparation.ts";
import type { Tools } from "../tools.ts";

export const invokeService: Preparation<"invokeService"> = {
  arguments: [
    { name: "name", description: "Name of the service" },
    { name: "-", description: "Read the request body from stdin", optional: true },
  ],
  hidden: ["body"],
  flags: [
    {
      member: "data",
      option: new Option(
        "--data <text>",
        "Request body (default: the sample of the image, where it has one); - reads stdin",
      ),
      read: (value) => value,
    },
    {
      member: "file",
      option: new Option("--file <file>", "File that holds the request body; - reads stdin"),
      read: (value) => value,
    },
  ],
  check: (given) => {
    const sources = [given.data, given.file, given["-"]].filter((value) => value !== undefined);
    if (sources.length > 1) throw new ModelyardError("invalid-input", { problems: "give one of --data, --file and -" });
    if (given["-"] !== undefined && given["-"] !== "-") {
      throw new ModelyardError("invalid-input", {
        problems: `what is ${String(given["-"])}? The body goes into --data or --file`,
      });
    }
  },
  input: async (given, { tools }) => ({
    name: String(given.name),
    body: await bodyOf(given, tools),
    language: given.language as InputOf<"invokeService">["language"],
  }),
};

async function bodyOf(given: Given, { system, terminal }: Tools): Promise<string | undefined> {
  if ([given.data, given.file, given["-"]].includes("-")) {
    const chunks: Buffer[] = [];
    for await (const chunk of terminal.stdin) chunks.push(Buffer.from(chunk));
    return Buffer.concat(chunks).toString("utf8");
  }
  if (given.data !== undefined) return String(given.data);
  if (given.file === undefined) return undefined;
  const path = resolve(system.cwd, String(given.file));
  return readFile(path, "utf8").catch((cause) => {
    throw new ModelyardError("no-such-file", { path }, { cause });
  });
}
