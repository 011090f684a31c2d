import { z } from "zod";
import { loggedModelStatuses } from "../../../contract/tracking.ts";
import { flag, limit, list, page, pairs, required, text } from "../fields.ts";
import { ask, get, patch, post, type Route, remove } from "../route.ts";
import { loggedModelJson } from "../wire/tracking.ts";

const byId = z.object({ model_id: required });

export const loggedModelRoutes: Route[] = [
  post(
    "logged-models",
    z.object({
      experiment_id: required,
      name: text.optional(),
      model_type: text.default(""),
      source_run_id: text.optional(),
      params: pairs,
      tags: pairs,
    }),
    async ({ tracking }, input) => ({
      model: loggedModelJson(
        await tracking.loggedModels.create({
          experimentId: input.experiment_id,
          name: input.name || undefined,
          modelType: input.model_type,
          sourceRunId: input.source_run_id || undefined,
          params: input.params,
          tags: input.tags,
        }),
      ),
    }),
  ),
  ask(
    "logged-models/search",
    z.object({
      experiment_ids: list,
      filter: text.optional(),
      max_results: limit(1000).default(50),
      order_by: z.array(z.object({ field_name: required, ascending: flag.default(true) })).default([]),
      ...page,
    }),
    async ({ tracking }, input) => {
      const { items, nextPageToken } = await tracking.loggedModels.search({
        experimentIds: input.experiment_ids,
        filter: input.filter,
        maxResults: input.max_results,
        orderBy: input.order_by.map(({ field_name, ascending }) => `${field_name} ${ascending ? "ASC" : "DESC"}`),
        pageToken: input.page_token,
      });
      return { models: items.map(loggedModelJson), next_page_token: nextPageToken };
    },
  ),
  get("logged-models/:model_id", byId.extend({ allow_deleted: flag.default(false) }), async ({ tracking }, input) => ({
    model: loggedModelJson(await tracking.loggedModels.get(input.model_id, input.allow_deleted)),
  })),
  patch(
    "logged-models/:model_id",
    byId.extend({ status: z.enum(loggedModelStatuses) }),
    async ({ tracking }, { model_id, status }) => ({
      model: loggedModelJson(await tracking.loggedModels.finish(model_id, status)),
    }),
  ),
  remove("logged-models/:model_id", byId, async ({ tracking }, { model_id }) => {
    await tracking.loggedModels.remove(model_id);
    return undefined;
  }),
  patch("logged-models/:model_id/tags", byId.extend({ tags: pairs }), async ({ tracking }, { model_id, tags }) => ({
    model: loggedModelJson(await tracking.loggedModels.setTags(model_id, tags)),
  })),
  // Clients do not encode the key, which may hold slashes.
  remove("logged-models/:model_id/tags/*", byId.extend({ "*": required }), async ({ tracking }, input) => {
    await tracking.loggedModels.removeTag(input.model_id, input["*"]);
    return undefined;
  }),
  post("logged-models/:model_id/params", byId.extend({ params: pairs }), async ({ tracking }, { model_id, params }) => {
    await tracking.loggedModels.addParams(model_id, params);
    return undefined;
  }),
];
