import { ModelyardError } from "../../contract/errors.ts";
import { type Lineage, type Stage, stages } from "../../contract/model.ts";
import { importModel } from "../import/import-model.ts";
import {
  emptyResult,
  type ImportOptions,
  type ImportPorts,
  type ImportResult,
  type Incoming,
  type IncomingModel,
} from "../import/incoming.ts";
import { shown } from "../web.ts";
import { copyArtifacts, servedPath } from "./artifacts.ts";
import { fittingTags, fittingText } from "./fitting.ts";
import type { MlflowServer } from "./server.ts";
import type { MlflowModel, MlflowRun, MlflowVersion } from "./wire.ts";

/**
 * Imports models of an MLflow server with all their versions: those that are named, or all. Bytes go straight from one server to
 * the other. Throws source-unreadable, and invalid-input for a model that is not there.
 */
export async function importServer(
  server: MlflowServer,
  { models, ...options }: ImportOptions & { models: readonly string[] },
  ports: ImportPorts,
): Promise<ImportResult> {
  const result = emptyResult();
  for await (const model of wantedModels(server, models)) {
    const versions = await server.versions(model.name);
    ports.tell(`${model.name}: ${versions.length} version(s) there`);
    await importModel(incomingModel(model, versions, server, result, ports), result, options, ports);
  }
  return result;
}

/** Prompts stand in MLflow's registry too, marked by a tag; they are no models. */
async function* wantedModels(server: MlflowServer, names: readonly string[]): AsyncGenerator<MlflowModel> {
  if (names.length === 0)
    for await (const model of server.models()) if (model.tags["mlflow.prompt.is_prompt"] !== "true") yield model;
  for (const name of names) {
    const model = await server.model(name);
    if (model === undefined)
      throw new ModelyardError("invalid-input", { problems: `--model: ${shown(server.url)} has no model ${name}` });
    yield model;
  }
}

function incomingModel(
  model: MlflowModel,
  versions: readonly MlflowVersion[],
  server: MlflowServer,
  result: ImportResult,
  ports: ImportPorts,
): IncomingModel {
  const isReady = ({ status }: MlflowVersion) => status === null || status === undefined || status === "READY";
  for (const version of versions)
    if (!isReady(version)) result.notes.push(`${referenceOf(version)} is ${version.status} there and was left out`);
  const description = fittingText(model.description, `the description of ${model.name}`, result.notes);
  return {
    name: model.name,
    description,
    tags: fittingTags(model.tags, model.name, result.notes),
    versions: versions.filter(isReady).map((version) => incomingVersion(version, model, server, ports)),
  };
}

const referenceOf = ({ name, version }: MlflowVersion): string => `${name}:${version}`;

function incomingVersion(
  version: MlflowVersion,
  { aliases }: MlflowModel,
  server: MlflowServer,
  ports: ImportPorts,
): Incoming {
  const reference = referenceOf(version);
  return {
    origin: {
      server: shown(server.url),
      reference,
      createdAt: version.creation_timestamp,
      createdBy: version.user_id || null,
    },
    aliases: aliases.filter((alias) => alias.version === version.version).map(({ alias }) => alias),
    stage: stages.find((stage) => stage.toLowerCase() === version.current_stage?.toLowerCase()) ?? ("None" as Stage),
    archived: false,
    prepare: async () => {
      const notes: string[] = [];
      const uri = (await server.artifactUri(version.name, version.version)) ?? version.source ?? "";
      const path = servedPath(server, uri);
      const files = path === undefined ? [] : await copyArtifacts(server, path, ports);
      if (path !== undefined && files.length === 0) notes.push(`${reference}: its server has no file of it at ${uri}`);
      const run = version.run_id ? await server.run(version.run_id) : undefined;
      const description = fittingText(version.description, `the description of ${reference}`, notes);
      const source = files.length > 0 ? version.source : uri; // what `model pull` reads
      const input = {
        files,
        ...(source ? { source: source.slice(0, 2000) } : {}),
        ...(description === null ? {} : { description }),
        tags: fittingTags(version.tags, reference, notes),
        metrics: metricsOf(run),
        lineage: lineageOf(version, run),
      };
      return { input, notes };
    },
  };
}

const metricsOf = (run: MlflowRun | undefined): Record<string, number> =>
  Object.fromEntries(
    (run?.data.metrics ?? [])
      .map(({ key, value }): [string, number] => [key, Number(value)])
      .filter(([key, value]) => Number.isFinite(value) && key !== "" && key.length <= 250),
  );

/** The same tags of a run that the server's own MLflow door reads. */
function lineageOf({ run_id: runId, run_link: runLink }: MlflowVersion, run: MlflowRun | undefined): Lineage {
  const { "mlflow.source.git.commit": gitCommit, "mlflow.source.git.repoURL": gitRemote } = run?.data.tags ?? {};
  const said = Object.entries({ runId, runLink, gitCommit, gitRemote: gitRemote && withoutPassword(gitRemote) });
  return Object.fromEntries(said.filter(([, text]) => text && text.length <= 2000));
}

const withoutPassword = (url: string): string => url.replace(/^(\w+:\/\/)[^/@]*@/, "$1");
