import { z } from "zod";
import { runStatuses } from "../../../contract/tracking.ts";
import { invalidParameter } from "../errors.ts";
import { float, integer, limit, list, page, pairs, required, text } from "../fields.ts";
import { ask, get, post, type Route } from "../route.ts";
import { metricJson, runInfoJson, runJson } from "../wire/tracking.ts";
import { viewField, viewOf } from "./experiments.ts";

/** Old clients say run_uuid. */
const run = z.object({ run_id: text.optional(), run_uuid: text.optional() });

export function runIdOf({ run_id, run_uuid }: { run_id?: string | undefined; run_uuid?: string | undefined }): string {
  const id = run_id || run_uuid;
  if (!id)
    throw invalidParameter(
      "Missing value for required parameter 'run_id'. See the API docs for more information about request parameters.",
    );
  return id;
}

const metric = z.object({
  key: required,
  value: float,
  timestamp: integer,
  step: integer.default(0),
  model_id: text.optional(),
  dataset_name: text.optional(),
  dataset_digest: text.optional(),
});
const metricEntry = (entry: z.output<typeof metric>) => ({
  key: entry.key,
  value: entry.value,
  at: entry.timestamp,
  step: entry.step,
  modelId: entry.model_id || undefined,
  datasetName: entry.dataset_name,
  datasetDigest: entry.dataset_digest,
});

const batch = z.object({
  run_id: required,
  metrics: z.array(metric).max(1000).default([]),
  params: pairs,
  tags: pairs,
});

const dataset = z.object({
  tags: z.array(z.object({ key: required, value: text.default("") })).default([]),
  dataset: z.object({
    name: required,
    digest: required,
    source_type: text.default(""),
    source: text.default(""),
    schema: text.default(""),
    profile: text.default(""),
  }),
});
const modelId = z.object({ model_id: required });

const logRoutes: Route[] = [
  post("runs/log-metric", run.extend(metric.shape), async ({ tracking }, input) => {
    await tracking.runs.log(runIdOf(input), { metrics: [metricEntry(input)] });
    return undefined;
  }),
  post("runs/log-parameter", run.extend({ key: required, value: text.default("") }), async ({ tracking }, input) => {
    await tracking.runs.log(runIdOf(input), { params: { [input.key]: input.value } });
    return undefined;
  }),
  post("runs/set-tag", run.extend({ key: required, value: text.default("") }), async ({ tracking }, input) => {
    await tracking.runs.log(runIdOf(input), { tags: { [input.key]: input.value } });
    return undefined;
  }),
  post("runs/delete-tag", run.extend({ key: required }), async ({ tracking }, input) => {
    await tracking.runs.removeTag(runIdOf(input), input.key);
    return undefined;
  }),
  post("runs/log-batch", batch, async ({ tracking }, { run_id, metrics, params, tags }) => {
    await tracking.runs.log(run_id, { metrics: metrics.map(metricEntry), params, tags });
    return undefined;
  }),
  post(
    "runs/log-inputs",
    z.object({ run_id: required, datasets: z.array(dataset).default([]), models: z.array(modelId).default([]) }),
    async ({ tracking }, { run_id, datasets, models }) => {
      await tracking.runs.addInputs(
        run_id,
        datasets,
        models.map(({ model_id }) => model_id),
      );
      return undefined;
    },
  ),
  post(
    "runs/outputs",
    z.object({ run_id: required, models: z.array(modelId.extend({ step: integer.default(0) })).default([]) }),
    async ({ tracking }, { run_id, models }) => {
      await tracking.runs.addOutputs(
        run_id,
        models.map(({ model_id, step }) => ({ modelId: model_id, step })),
      );
      return undefined;
    },
  ),
  // Clients before version 3 tell what they logged; it is kept where they look for it.
  post("runs/log-model", z.object({ run_id: required, model_json: required }), async ({ tracking }, input) => {
    const { tags } = await tracking.runs.get(input.run_id);
    const before = tags["mlflow.log-model.history"];
    const history = [...(before === undefined ? [] : jsonList(before)), ...jsonList(`[${input.model_json}]`)];
    await tracking.runs.log(input.run_id, { tags: { "mlflow.log-model.history": JSON.stringify(history) } });
    return undefined;
  }),
];

function jsonList(json: string): unknown[] {
  try {
    const value: unknown = JSON.parse(json);
    if (Array.isArray(value)) return value;
  } catch {
    // falls through to the refusal below
  }
  throw invalidParameter("Malformed model info. 'model_json' is not JSON");
}

export const runRoutes: Route[] = [
  post(
    "runs/create",
    z.object({
      experiment_id: text.default("0"),
      user_id: text.default(""),
      run_name: text.optional(),
      start_time: integer.optional(),
      tags: pairs,
    }),
    async ({ tracking }, { experiment_id, user_id, run_name, start_time, tags }) => {
      const request = {
        experimentId: experiment_id || "0",
        user: user_id,
        name: run_name,
        startedAt: start_time,
        tags,
      };
      return { run: runJson(await tracking.runs.create(request)) };
    },
  ),
  get("runs/get", run, async ({ tracking }, input) => ({ run: runJson(await tracking.runs.get(runIdOf(input))) })),
  post(
    "runs/update",
    run.extend({
      status: z.enum(runStatuses).optional(),
      end_time: integer.optional(),
      run_name: text.optional(),
    }),
    async ({ tracking }, input) => {
      const changes = { status: input.status, endedAt: input.end_time, name: input.run_name || undefined };
      return { run_info: runInfoJson(await tracking.runs.update(runIdOf(input), changes)) };
    },
  ),
  post("runs/delete", z.object({ run_id: required }), async ({ tracking }, { run_id }) => {
    await tracking.runs.setLifecycle(run_id, "deleted");
    return undefined;
  }),
  post("runs/restore", z.object({ run_id: required }), async ({ tracking }, { run_id }) => {
    await tracking.runs.setLifecycle(run_id, "active");
    return undefined;
  }),
  ask(
    "runs/search",
    z.object({
      experiment_ids: list,
      filter: text.optional(),
      run_view_type: viewField,
      max_results: limit(50_000).default(1000),
      order_by: list,
      ...page,
    }),
    async ({ tracking }, input) => {
      const { items, nextPageToken } = await tracking.runs.search({
        experimentIds: input.experiment_ids,
        filter: input.filter,
        view: viewOf[input.run_view_type],
        maxResults: input.max_results,
        orderBy: input.order_by,
        pageToken: input.page_token,
      });
      return { runs: items.map(runJson), next_page_token: nextPageToken };
    },
  ),
  get(
    "metrics/get-history",
    run.extend({ metric_key: required, max_results: limit(25_000).default(25_000), ...page }),
    async ({ tracking }, input) => {
      const { items, nextPageToken } = await tracking.runs.history(runIdOf(input), input.metric_key, {
        maxResults: input.max_results,
        pageToken: input.page_token,
      });
      return { metrics: items.map(metricJson), next_page_token: nextPageToken };
    },
  ),
  ...logRoutes,
];
