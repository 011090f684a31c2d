import type { ByteRange } from "./operation.ts";

/**
 * What MLflow clients keep beside registered models. The register room does it (`register/tracking`), the MLflow door
 * translates it; it is no part of the API of operations.
 */
export type Lifecycle = "active" | "deleted";
/** Which of them a search looks at. */
export type View = Lifecycle | "all";
export type Labels = Record<string, string>;

export interface Experiment {
  id: string;
  name: string;
  artifactLocation: string;
  lifecycle: Lifecycle;
  createdAt: number;
  updatedAt: number;
  tags: Labels;
}

export interface Metric {
  key: string;
  /** May be NaN or infinite. */
  value: number;
  at: number;
  step: number;
}
/** A metric of a logged model: which run measured it, and on which data. */
export interface ModelMetric extends Metric {
  runId: string;
  datasetName: string | null;
  datasetDigest: string | null;
}
export interface MetricEntry extends Metric {
  modelId?: string | undefined;
  datasetName?: string | undefined;
  datasetDigest?: string | undefined;
}

export const runStatuses = ["RUNNING", "SCHEDULED", "FINISHED", "FAILED", "KILLED"] as const;
export type RunStatus = (typeof runStatuses)[number];

export interface RunInfo {
  id: string;
  experimentId: string;
  name: string;
  user: string;
  status: RunStatus;
  lifecycle: Lifecycle;
  artifactUri: string;
  startedAt: number;
  endedAt: number | null;
}
export interface RunDataset {
  tags: { key: string; value: string }[];
  dataset: Record<string, string>;
}
export interface Run extends RunInfo {
  tags: Labels;
  params: Labels;
  /** The latest value of every key. */
  metrics: Metric[];
  datasets: RunDataset[];
  modelInputs: string[];
  modelOutputs: { modelId: string; step: number }[];
}

export const loggedModelStatuses = [
  "LOGGED_MODEL_PENDING",
  "LOGGED_MODEL_READY",
  "LOGGED_MODEL_UPLOAD_FAILED",
] as const;
export type LoggedModelStatus = (typeof loggedModelStatuses)[number];

export interface LoggedModel {
  id: string;
  experimentId: string;
  name: string;
  artifactUri: string;
  status: LoggedModelStatus;
  modelType: string;
  sourceRunId: string | null;
  lifecycle: Lifecycle;
  createdAt: number;
  updatedAt: number;
  tags: Labels;
  params: Labels;
  metrics: ModelMetric[];
}

export interface SearchInput {
  filter?: string | undefined;
  /** `KEY`, `KEY ASC` or `KEY DESC`. */
  orderBy: readonly string[];
  maxResults: number;
  pageToken?: string | undefined;
}
export interface Found<Item> {
  items: Item[];
  nextPageToken: string | null;
}

/** An artifact as a listing shows it; `path` is its own name in the folder. */
export interface ArtifactEntry {
  path: string;
  isFolder: boolean;
  size: number;
}
export interface ArtifactFile {
  digest: string;
  size: number;
  /** All bytes, verified, or those from `start` to `end` (both included), which cannot be. */
  read(range?: ByteRange): AsyncIterable<Uint8Array>;
}

export interface Tracking {
  experiments: {
    create(input: { name: string; artifactLocation?: string | undefined; tags: Labels }): Promise<string>;
    get(id: string): Promise<Experiment>;
    getByName(name: string): Promise<Experiment>;
    search(input: SearchInput & { view: View }): Promise<Found<Experiment>>;
    rename(id: string, name: string): Promise<void>;
    setLifecycle(id: string, lifecycle: Lifecycle): Promise<void>;
    setTag(id: string, key: string, value: string): Promise<void>;
    removeTag(id: string, key: string): Promise<void>;
  };
  runs: {
    create(input: {
      experimentId: string;
      user: string;
      name?: string | undefined;
      startedAt?: number | undefined;
      tags: Labels;
    }): Promise<Run>;
    get(id: string): Promise<Run>;
    search(input: SearchInput & { experimentIds: readonly string[]; view: View }): Promise<Found<Run>>;
    update(
      id: string,
      changes: { status?: RunStatus | undefined; endedAt?: number | undefined; name?: string | undefined },
    ): Promise<RunInfo>;
    setLifecycle(id: string, lifecycle: Lifecycle): Promise<void>;
    log(id: string, entries: { metrics?: MetricEntry[]; params?: Labels; tags?: Labels }): Promise<void>;
    removeTag(id: string, key: string): Promise<void>;
    history(
      id: string,
      key: string,
      page: { maxResults: number; pageToken?: string | undefined },
    ): Promise<Found<Metric>>;
    addInputs(id: string, datasets: RunDataset[], modelIds: string[]): Promise<void>;
    addOutputs(id: string, models: { modelId: string; step: number }[]): Promise<void>;
  };
  loggedModels: {
    create(input: {
      experimentId: string;
      name?: string | undefined;
      modelType: string;
      sourceRunId?: string | undefined;
      tags: Labels;
      params: Labels;
    }): Promise<LoggedModel>;
    get(id: string, allowDeleted?: boolean): Promise<LoggedModel>;
    search(input: SearchInput & { experimentIds: readonly string[] }): Promise<Found<LoggedModel>>;
    finish(id: string, status: LoggedModelStatus): Promise<LoggedModel>;
    remove(id: string): Promise<void>;
    setTags(id: string, tags: Labels): Promise<LoggedModel>;
    removeTag(id: string, key: string): Promise<void>;
    addParams(id: string, params: Labels): Promise<void>;
  };
  artifacts: {
    put(path: string, body: AsyncIterable<Uint8Array>): Promise<void>;
    find(path: string): Promise<ArtifactFile>;
    list(folder: string): Promise<ArtifactEntry[]>;
    remove(path: string): Promise<void>;
  };
  /** Artifacts that are sent in parts. An upload that nobody touches for a day is gone; so is its secret. */
  multipart: {
    /** Begins an upload of `parts` parts; whoever has the secret may send them. */
    create(path: string, parts: number): Promise<{ id: string; secret: string }>;
    /** Keeps a part, counted from 1; it may come again and beside others. */
    putPart(
      id: string,
      secret: string,
      number: number,
      body: AsyncIterable<Uint8Array>,
    ): Promise<{ digest: string; size: number }>;
    /** Joins all parts and makes the artifact visible in one step. Asked again for what is done, it does nothing. */
    complete(id: string, path: string, parts: readonly { number: number; digest: string }[]): Promise<void>;
    abort(id: string, path: string): Promise<void>;
  };
}

/** A version to make of the files a source points to. */
export interface SourceInput {
  name: string;
  source: string;
  runId?: string | undefined;
  runLink?: string | undefined;
  loggedModelId?: string | undefined;
  description?: string | undefined;
  tags: Record<string, string>;
}
