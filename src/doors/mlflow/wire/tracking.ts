import type {
  ArtifactEntry,
  Experiment,
  LoggedModel,
  Metric,
  ModelMetric,
  Run,
  RunInfo,
} from "../../../contract/tracking.ts";

/** The JSON of MLflow for what the tracking room keeps. Member names are those of mlflow/protos/service.proto. */

export const pairList = (labels: Record<string, string>) =>
  Object.entries(labels).map(([key, value]) => ({ key, value }));

export const experimentJson = (experiment: Experiment) => ({
  experiment_id: experiment.id,
  name: experiment.name,
  artifact_location: experiment.artifactLocation,
  lifecycle_stage: experiment.lifecycle,
  last_update_time: experiment.updatedAt,
  creation_time: experiment.createdAt,
  tags: pairList(experiment.tags),
});

export const runInfoJson = (run: RunInfo) => ({
  run_id: run.id,
  run_uuid: run.id,
  experiment_id: run.experimentId,
  run_name: run.name,
  user_id: run.user,
  status: run.status,
  start_time: run.startedAt,
  end_time: run.endedAt,
  artifact_uri: run.artifactUri,
  lifecycle_stage: run.lifecycle,
});

export const metricJson = ({ key, value, at, step }: Metric) => ({ key, value, timestamp: at, step });

const modelMetricJson = (modelId: string) => (metric: ModelMetric) => ({
  ...metricJson(metric),
  model_id: modelId,
  run_id: metric.runId,
  dataset_name: metric.datasetName,
  dataset_digest: metric.datasetDigest,
});

export const runJson = (run: Run) => ({
  info: runInfoJson(run),
  data: { metrics: run.metrics.map(metricJson), params: pairList(run.params), tags: pairList(run.tags) },
  inputs: { dataset_inputs: run.datasets, model_inputs: run.modelInputs.map((model_id) => ({ model_id })) },
  outputs: { model_outputs: run.modelOutputs.map(({ modelId, step }) => ({ model_id: modelId, step })) },
});

export const loggedModelJson = (model: LoggedModel) => ({
  info: {
    model_id: model.id,
    experiment_id: model.experimentId,
    name: model.name,
    creation_timestamp_ms: model.createdAt,
    last_updated_timestamp_ms: model.updatedAt,
    artifact_uri: model.artifactUri,
    status: model.status,
    model_type: model.modelType,
    source_run_id: model.sourceRunId,
    tags: pairList(model.tags),
  },
  data: { params: pairList(model.params), metrics: model.metrics.map(modelMetricJson(model.id)) },
});

/** `folder` is put before the names when a client wants paths from the root. */
export const artifactJson = (folder: string) => (entry: ArtifactEntry) => ({
  path: folder === "" ? entry.path : `${folder}/${entry.path}`,
  is_dir: entry.isFolder,
  file_size: entry.isFolder || entry.size === 0 ? null : entry.size,
});
