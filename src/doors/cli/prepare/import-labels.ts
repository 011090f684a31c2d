import { createReadStream } from "node:fs";
import { stat } from "node:fs/promises";
import { resolve } from "node:path";
import { ModelyardError } from "../../../contract/errors.ts";
import type { InputOf } from "../../../contract/operations.ts";
import type { Preparation } from "../preparation.ts";
import { outcomeText, unmatchedTalk } from "../present/add-labels.ts";
import { print, printJson, talk } from "../tools.ts";
import { transferOptions } from "./transfer-line.ts";

/** `label import` sends a file of this machine as it is read. */
export const importLabels: Preparation<"importLabels"> = {
  arguments: [{ name: "file", description: "CSV with a header (id, value, row, at), or .jsonl with the same members" }],
  hidden: ["format"],
  check: async ({ file }, tools) => void (await sizeOf(resolve(tools.system.cwd, String(file)))),
  run: async ({ file, service }, { client, tools }) => {
    const path = resolve(tools.system.cwd, String(file));
    const size = await sizeOf(path);
    const { signal, onBytes } = transferOptions(tools, "Reading");
    async function* watched() {
      let sent = 0;
      for await (const chunk of createReadStream(path)) {
        sent += (chunk as Buffer).length;
        onBytes?.({ path: String(file), size }, sent);
        yield chunk as Buffer;
      }
    }
    const format = /\.(jsonl|ndjson)$/i.test(path) ? "jsonl" : "csv";
    const input = { service, format } as InputOf<"importLabels">;
    const outcome = await client.importLabels(input, { body: watched(), size, signal });
    if (tools.json) printJson(tools, outcome);
    else {
      print(tools, outcomeText(outcome));
      const { talk: waits } = unmatchedTalk(outcome, String(service));
      if (waits !== undefined) talk(tools, waits);
      talk(tools, `Next: modelyard quality show ${String(service)}`);
    }
    return 0;
  },
};

async function sizeOf(path: string): Promise<number> {
  const found = await stat(path).catch(() => undefined);
  if (found?.isDirectory()) throw new ModelyardError("invalid-input", { problems: `file: ${path} is a folder` });
  if (found === undefined || !found.isFile()) throw new ModelyardError("no-such-file", { path });
  return found.size;
}
