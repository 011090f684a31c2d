import { ModelyardError } from "../../../contract/errors.ts";
import type { Lineage } from "../../../contract/model.ts";
import type { FileEntry } from "../../../contract/operation.ts";
import type { ModelReference } from "../../../contract/reference.ts";
import type { Metric, Run } from "../../../contract/tracking.ts";
import type { Db } from "../../../kernel/db.ts";
import { mustFindVersion } from "../../get-model.ts";
import { filesOf } from "../../rows/version-files.ts";
import { pathOfUri } from "../artifacts/paths.ts";
import { artifactsBelow } from "../artifacts/rows.ts";
import { mustFindLoggedModel } from "../logged-models/logged-models.ts";
import { findModelOfRun } from "../logged-models/rows.ts";
import { mustFindRun } from "../runs/runs.ts";
import { parseSource } from "./parse-source.ts";

/** What a source holds at this moment, and where that comes from. */
export interface FrozenSource {
  files: FileEntry[];
  lineage: Lineage;
  metrics: Record<string, number>;
}

/** The files below an address of the artifact area; none for an address elsewhere. */
async function filesAt(db: Db, uri: string, path = ""): Promise<FileEntry[]> {
  const root = pathOfUri(uri);
  return root === undefined ? [] : artifactsBelow(db, path === "" ? root : `${root}/${path}`);
}

const metricsOf = (metrics: readonly Metric[]): Record<string, number> =>
  Object.fromEntries(metrics.filter(({ value }) => Number.isFinite(value)).map(({ key, value }) => [key, value]));

function lineageOf({ id, tags, datasets }: Run): Lineage {
  const data = datasets.map(({ dataset }) => `${dataset.name} ${dataset.digest}`).join(", ");
  return {
    runId: id,
    gitCommit: tags["mlflow.source.git.commit"] || undefined,
    gitRemote: tags["mlflow.source.git.repoURL"] || undefined,
    trainingData: data.slice(0, 2000) || undefined,
  };
}

const lineageOfRun = async (db: Db, runId: string | null | undefined): Promise<Lineage> =>
  runId ? lineageOf(await mustFindRun(db, runId)) : {};

async function freezeLoggedModel(db: Db, id: string): Promise<FrozenSource> {
  const model = await mustFindLoggedModel(db, id);
  return {
    files: await filesAt(db, model.artifactUri),
    lineage: { ...(await lineageOfRun(db, model.sourceRunId)), loggedModel: id },
    metrics: metricsOf(model.metrics),
  };
}

async function freezeVersion(db: Db, wanted: ModelReference): Promise<FrozenSource> {
  const { name, version, lineage, metrics } = await mustFindVersion(db, wanted);
  return { files: await filesOf(db, name, version), lineage, metrics };
}

async function freezeRun(db: Db, runId: string, path: string): Promise<FrozenSource> {
  const run = await mustFindRun(db, runId);
  const files = await filesAt(db, run.artifactUri, path);
  // Since MLflow 3 a model is logged beside the run, and `runs:/RUN/NAME` still means it.
  const model = files.length === 0 ? await findModelOfRun(db, runId, path) : undefined;
  return model === undefined
    ? { files, lineage: lineageOf(run), metrics: metricsOf(run.metrics) }
    : freezeLoggedModel(db, model);
}

/** A folder of the artifact area belongs to a run, which has to be named. */
async function freezeArtifacts(db: Db, path: string, runId: string | undefined): Promise<FrozenSource> {
  const run = runId === undefined ? undefined : await mustFindRun(db, runId);
  const root = run === undefined ? undefined : pathOfUri(run.artifactUri);
  if (run === undefined || root === undefined || !`${path}/`.startsWith(`${root}/`))
    throw new ModelyardError("invalid-input", {
      problems: `Invalid model version source: 'mlflow-artifacts:/${path}'. run_id must identify the resource that contains the source`,
    });
  return freezeRun(db, run.id, path.slice(root.length + 1));
}

/** Throws the fitting not-found, and invalid-input for a source that is not taken. */
export async function freezeSource(
  db: Db,
  { source, runId, loggedModelId }: { source: string; runId?: string | undefined; loggedModelId?: string | undefined },
): Promise<FrozenSource> {
  const parsed = parseSource(source);
  if (loggedModelId !== undefined) await mustFindLoggedModel(db, loggedModelId);
  switch (parsed.kind) {
    case "logged-model":
      return freezeLoggedModel(db, parsed.id);
    case "version":
      return freezeVersion(db, parsed);
    case "run":
      if (runId !== undefined && runId !== parsed.runId)
        throw new ModelyardError("invalid-input", {
          problems: `Invalid model version source: '${source}'. run_id '${runId}' is not the run of the source`,
        });
      return freezeRun(db, parsed.runId, parsed.path);
    case "artifacts":
      return freezeArtifacts(db, parsed.path, runId);
    case "external":
      return { files: [], lineage: runId === undefined ? {} : { runId }, metrics: {} };
  }
}
