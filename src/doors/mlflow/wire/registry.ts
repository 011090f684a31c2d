import type { Model, ModelVersion } from "../../../contract/model.ts";
import { pairList } from "./tracking.ts";

/** The JSON of MLflow for models and versions. Member names are those of mlflow/protos/model_registry.proto. */

export const versionJson = (version: ModelVersion) => ({
  name: version.name,
  version: String(version.version),
  creation_timestamp: version.createdAt,
  last_updated_timestamp: version.updatedAt,
  user_id: version.createdBy,
  current_stage: version.stage,
  description: version.description ?? "",
  source: version.source ?? `models:/${version.name}/${version.version}`,
  run_id: version.lineage.runId ?? "",
  status: "READY",
  tags: pairList(version.tags),
  run_link: version.lineage.runLink ?? "",
  aliases: version.aliases,
  model_id: version.lineage.loggedModel ?? null,
});

export const modelJson = (model: Model, latest: readonly ModelVersion[]) => ({
  name: model.name,
  creation_timestamp: model.createdAt,
  last_updated_timestamp: model.updatedAt,
  user_id: model.createdBy,
  description: model.description,
  latest_versions: latest.map(versionJson),
  tags: pairList(model.tags),
  aliases: model.aliases.map(({ alias, version }) => ({ alias, version: String(version) })),
});
