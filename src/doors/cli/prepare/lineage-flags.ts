import { readFile, stat } from "node:fs/promises";
import { resolve } from "node:path";
import { Option } from "commander";
import { datasetReferenceSchema } from "../../../contract/datasets.ts";
import { ModelyardError } from "../../../contract/errors.ts";
import type { Lineage } from "../../../contract/model.ts";
import { sha256File } from "../../../kernel/hash.ts";
import type { Flag } from "../flags.ts";
import type { Given } from "../preparation.ts";
import type { Tools } from "../tools.ts";

const flag = (member: string, flags: string, description: string): Flag => ({
  member,
  option: new Option(flags, description),
  read: (value) => value,
});

/** Where a version comes from, and files of this machine that describe it. */
export const lineageFlags: readonly Flag[] = [
  flag("git", "--git", "Keep the commit and the remote of the current folder's repository"),
  flag("runId", "--run-id <text>", "Run that made it"),
  flag("trainingData", "--training-data <file or digest>", "Data it was trained on; of a file its SHA-256 is kept"),
  flag("dataset", "--dataset <data set>", "Data set it was trained on: NAME (its newest) or NAME@DIGEST"),
  flag("parent", "--parent <model>", "Version it was trained from: name:version or name@alias"),
  flag("signatureFile", "--signature <file>", 'JSON: {"inputs": [{"name", "type", "shape"}, …], "outputs": […]}'),
  flag("sampleInput", "--sample-input <file>", "A request body that fits"),
  flag("sampleOutput", "--sample-output <file>", "What the model answered to it"),
];

/** The values of those flags as members of the input. Throws no-such-file, invalid-input. */
export async function readLineage(given: Given, tools: Pick<Tools, "system">): Promise<Given> {
  const { git, runId, trainingData, dataset, parent, signatureFile, sampleInput, sampleOutput, ...rest } = given;
  const text = (path: unknown) => (path === undefined ? undefined : readText(resolve(tools.system.cwd, String(path))));
  const lineage = {
    ...(git === true ? await gitOf(tools) : {}),
    ...(runId === undefined ? {} : { runId: String(runId) }),
    ...(parent === undefined ? {} : { parent: String(parent) }),
    ...(dataset === undefined ? {} : { dataset: readDataset(String(dataset)) }),
    ...(trainingData === undefined ? {} : { trainingData: await digestOf(String(trainingData), tools) }),
  };
  const [signature, input, output] = [await text(signatureFile), await text(sampleInput), await text(sampleOutput)];
  return {
    ...rest,
    lineage,
    ...(signature === undefined ? {} : { signature: readJson(signature) }),
    ...(input === undefined && output === undefined ? {} : { sample: { input, output } }),
  };
}

/** Throws invalid-input before anything is uploaded. */
function readDataset(reference: string): string {
  const { success, error } = datasetReferenceSchema.safeParse(reference);
  if (success) return reference;
  throw new ModelyardError("invalid-input", { problems: `--dataset: ${error.issues[0]?.message}` });
}

async function readText(path: string): Promise<string> {
  return readFile(path, "utf8").catch(() => {
    throw new ModelyardError("no-such-file", { path });
  });
}

function readJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new ModelyardError("invalid-input", { problems: `--signature is not JSON: ${(error as Error).message}` });
  }
}

/** `sha256:…` of a file; a text that names no file is kept as it is. */
async function digestOf(fileOrText: string, { system }: Pick<Tools, "system">): Promise<string> {
  const path = resolve(system.cwd, fileOrText);
  const isFile = (await stat(path).catch(() => undefined))?.isFile() ?? false;
  return isFile ? `sha256:${(await sha256File(path)).digest}` : fileOrText;
}

/** Commit and remote of the repository the current folder is in. A password in the remote's address is not kept. */
async function gitOf({ system }: Pick<Tools, "system">): Promise<Lineage> {
  const ask = async (...words: string[]) => {
    const { code, stdout } = await system.exec({ argv: ["git", ...words], cwd: system.cwd, env: system.env });
    return code === 0 ? stdout.trim() : undefined;
  };
  const commit = await ask("rev-parse", "HEAD");
  if (commit === undefined)
    throw new ModelyardError("invalid-input", {
      problems: `--git: ${system.cwd} is in no git repository with a commit`,
    });
  const dirty = (await ask("status", "--porcelain", "--untracked-files=no")) !== "";
  const remote = (await ask("remote", "get-url", "origin"))?.replace(/^(\w+:\/\/)[^/@]*@/, "$1");
  return { gitCommit: dirty ? `${commit}-dirty` : commit, ...(remote === undefined ? {} : { gitRemote: remote }) };
}
