import { createHash } from "node:crypto";
import { access } from "node:fs/promises";
import { relative, resolve } from "node:path";
import { Option } from "commander";
import { downloadResumed } from "../../../client/files/download.ts";
import { ModelyardError } from "../../../contract/errors.ts";
import type { Preparation } from "../preparation.ts";
import { print, printJson, talk } from "../tools.ts";
import { checkFile } from "./check-file.ts";
import { aboutDataset, readDataset } from "./dataset-reference.ts";
import { checkStdout, isStdout, writeStdout } from "./stdout.ts";
import { transferOptions } from "./transfer-line.ts";
import { writeVerified } from "./write-verified.ts";

/** `dataset pull` streams the file of a data set to the disk, where its digest is verified. */
export const downloadDataset: Preparation<"downloadDataset"> = {
  summary: "Download a data set; its digest is verified",
  ...aboutDataset,
  input: undefined,
  flags: [
    {
      member: "output",
      option: new Option("--output <file>", "File to write (default: ./NAME-DIGEST.parquet or .csv); - for stdout"),
      read: (value) => value,
    },
    { member: "overwrite", option: new Option("--overwrite", "Replace a file that is there"), read: (value) => value },
  ],
  check: async ({ output }, tools) => {
    if (isStdout(output)) checkStdout("--output -", tools);
    await checkFile("--output", output, tools);
  },
  run: async (given, { client, tools }) => {
    const { signal, cwd } = tools.system;
    const toStdout = isStdout(given.output);
    const { name, digest, size, format, rows, reference, state } = await client.getDataset(readDataset(given), {
      signal,
    });
    if (state === "erased") throw new ModelyardError("dataset-erased", { dataset: reference });
    const file = given.output === undefined ? `${name}-${digest.slice(0, 12)}.${format}` : String(given.output);
    const path = resolve(cwd, file);
    if (!toStdout && given.overwrite !== true) await refuseExisting(path);
    const body = downloadResumed(
      (from) => client.downloadDataset({ name, digest }, { signal, from }),
      { path: file, size },
      transferOptions(tools, "Downloading"),
    );
    if (toStdout) await writeStdout(verified(body, digest, file), tools);
    else await writeVerified(path, body, digest);
    if (tools.json) printJson(tools, { reference, path, size, rows });
    else {
      if (!toStdout) print(tools, relative(cwd, path) || path);
      talk(tools, `${reference}: ${rows} rows of ${format}, digest verified`);
      if (format === "parquet" && path.endsWith(".csv"))
        talk(tools, `Warning: ${file} holds Parquet; data sets are CSV when they are made with --format csv`);
      talk(
        tools,
        `Next: train on it, then modelyard model register PATH --name NAME --dataset ${name}@${digest.slice(0, 12)}`,
      );
    }
    return 0;
  },
};

/** Bytes that are on their way already when their digest is known: the command fails behind them. Throws digest-mismatch. */
async function* verified(body: AsyncIterable<Uint8Array>, digest: string, path: string): AsyncGenerator<Uint8Array> {
  const hash = createHash("sha256");
  for await (const chunk of body) {
    hash.update(chunk);
    yield chunk;
  }
  const actual = hash.digest("hex");
  if (actual !== digest) throw new ModelyardError("digest-mismatch", { path, actual, expected: digest });
}

async function refuseExisting(path: string): Promise<void> {
  const isThere = await access(path).then(
    () => true,
    () => false,
  );
  if (isThere)
    throw new ModelyardError("not-supported", {
      what: `${path} is there already`,
      instead: "Choose another file with --output, or replace it with --overwrite.",
    });
}
