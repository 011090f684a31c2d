import { z } from "zod";
import { limit, list, page, pairs, required, text } from "../fields.ts";
import { ask, get, post, type Route } from "../route.ts";
import { experimentJson } from "../wire/tracking.ts";

export const viewField = z.enum(["ACTIVE_ONLY", "DELETED_ONLY", "ALL"]).default("ACTIVE_ONLY");
export const viewOf = { ACTIVE_ONLY: "active", DELETED_ONLY: "deleted", ALL: "all" } as const;

const byId = z.object({ experiment_id: required });
const search = z.object({
  max_results: limit(50_000).default(1000),
  filter: text.optional(),
  order_by: list,
  view_type: viewField,
  ...page,
});

const searchAnswer: Parameters<typeof ask<typeof search>>[2] = async ({ tracking }, input) => {
  const { items, nextPageToken } = await tracking.experiments.search({
    filter: input.filter,
    orderBy: input.order_by,
    maxResults: input.max_results,
    pageToken: input.page_token,
    view: viewOf[input.view_type],
  });
  return { experiments: items.map(experimentJson), next_page_token: nextPageToken };
};

export const experimentRoutes: Route[] = [
  post(
    "experiments/create",
    z.object({ name: required, artifact_location: text.optional(), tags: pairs }),
    async ({ tracking }, { name, artifact_location, tags }) => ({
      experiment_id: await tracking.experiments.create({
        name,
        artifactLocation: artifact_location || undefined,
        tags,
      }),
    }),
  ),
  get("experiments/get", byId, async ({ tracking }, { experiment_id }) => ({
    experiment: experimentJson(await tracking.experiments.get(experiment_id)),
  })),
  get(
    "experiments/get-by-name",
    z.object({ experiment_name: required }),
    async ({ tracking }, { experiment_name }) => ({
      experiment: experimentJson(await tracking.experiments.getByName(experiment_name)),
    }),
  ),
  ask("experiments/search", search, searchAnswer),
  get("experiments/search", search, searchAnswer),
  post("experiments/delete", byId, async ({ tracking }, { experiment_id }) => {
    await tracking.experiments.setLifecycle(experiment_id, "deleted");
    return undefined;
  }),
  post("experiments/restore", byId, async ({ tracking }, { experiment_id }) => {
    await tracking.experiments.setLifecycle(experiment_id, "active");
    return undefined;
  }),
  post("experiments/update", byId.extend({ new_name: required }), async ({ tracking }, { experiment_id, new_name }) => {
    await tracking.experiments.rename(experiment_id, new_name);
    return undefined;
  }),
  post(
    "experiments/set-experiment-tag",
    byId.extend({ key: required, value: text.default("") }),
    async ({ tracking }, { experiment_id, key, value }) => {
      await tracking.experiments.setTag(experiment_id, key, value);
      return undefined;
    },
  ),
  post(
    "experiments/delete-experiment-tag",
    byId.extend({ key: required }),
    async ({ tracking }, { experiment_id, key }) => {
      await tracking.experiments.removeTag(experiment_id, key);
      return undefined;
    },
  ),
];
