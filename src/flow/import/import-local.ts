import { readFile, stat } from "node:fs/promises";
import { basename, join, parse, resolve } from "node:path";
import { parse as parseYaml } from "yaml";
import { hashFiles, versionFiles } from "../../client/files/local-files.ts";
import { uploadMissing } from "../../client/files/upload.ts";
import { ModelyardError } from "../../contract/errors.ts";
import { modelNameSchema } from "../../contract/operation.ts";
import { versionDigest } from "../../kernel/version-digest.ts";
import { emptyResult, type ImportOptions, type ImportPorts, type ImportResult } from "./incoming.ts";
import type { SourceKind } from "./kind-of-source.ts";

export type LocalKind = Extract<SourceKind, "mlflow-dir" | "onnx" | "folder" | "file">;

/**
 * Registers a file or folder of this machine as `model register` does, unless the model has a version with exactly these files.
 * Throws no-such-file, empty-file, not-supported, invalid-input.
 */
export async function importLocal(
  path: string,
  kind: LocalKind,
  { name: given, allowUnsafe }: ImportOptions,
  { client, tell, uploads }: ImportPorts,
): Promise<ImportResult> {
  const { signal } = uploads;
  await checkKind(path, kind);
  const name = checkName(given ?? (await nameOf(path, kind)));
  const hashed = await hashFiles(await versionFiles(path), signal);
  const result = emptyResult();
  const same = { name, digest: versionDigest(hashed), archived: "show", pageSize: 1 } as const;
  const [standing] = (await client.listModels(same, { signal })).items;
  if (standing !== undefined) {
    result.standing.push({ reference: standing.reference, origin: null });
    return result;
  }
  tell(`Registering ${path} as ${name}`);
  const files = await uploadMissing(client, hashed, uploads);
  const framework = kind === "onnx" ? { framework: "Onnx" } : {};
  const { reference, external } = await client.registerModel({ name, files, allowUnsafe, ...framework }, { signal });
  result.imported.push({ reference, origin: null, external });
  return result;
}

async function checkKind(path: string, kind: LocalKind): Promise<void> {
  const found = await stat(path).catch((cause) => {
    throw new ModelyardError("no-such-file", { path }, { cause });
  });
  const isFolder = kind === "mlflow-dir" || kind === "folder";
  if (found.isDirectory() !== isFolder)
    throw new ModelyardError("not-supported", {
      what: `${path} is a ${found.isDirectory() ? "folder" : "file"}, and --from says ${kind}`,
      instead: "Leave --from out: what it is, is found out.",
    });
  if (kind === "mlflow-dir") await readMembers(join(path, "MLmodel"));
}

/** The name MLflow's registry gave it, or what it was logged as, or that of the folder or file. */
async function nameOf(path: string, kind: LocalKind): Promise<string> {
  const own = basename(resolve(path));
  if (kind !== "mlflow-dir") return kind === "folder" ? own : parse(path).name;
  const { model_name: registered } = await readMembers(join(path, "registered_model_meta")).catch(
    () => ({}) as Members,
  );
  if (typeof registered === "string") return registered;
  const { artifact_path: logged } = await readMembers(join(path, "MLmodel"));
  const last = typeof logged === "string" && !/^[/\\]|:/.test(logged) ? (logged.split("/").at(-1) ?? "") : "";
  return last === "" || last === "model" ? own : last; // `model` is what everybody logs it as
}

type Members = Record<string, unknown>;
const textLimit = 4 << 20;

async function readMembers(path: string): Promise<Members> {
  const refuse = (reason: string, cause?: unknown) =>
    new ModelyardError(
      "not-supported",
      { what: `${path}: ${reason}`, instead: "Name the folder that MLflow saved, with MLmodel in it." },
      { cause },
    );
  const { size } = await stat(path).catch((cause) => {
    throw refuse("it is not there", cause);
  });
  if (size > textLimit) throw refuse(`it has ${size} bytes`);
  try {
    const value: unknown = parseYaml(await readFile(path, "utf8"), { maxAliasCount: 100 });
    if (value !== null && typeof value === "object" && !Array.isArray(value)) return value as Members;
  } catch (cause) {
    throw refuse("it is not YAML", cause);
  }
  throw refuse("it has no members");
}

function checkName(name: string): string {
  const problem = modelNameSchema.safeParse(name).error?.issues[0]?.message;
  if (problem === undefined) return name;
  throw new ModelyardError("invalid-input", {
    problems: `${name} is no name of a model: it ${problem}; give a --name`,
  });
}
