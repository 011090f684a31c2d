import { z } from "zod";
import { modelNameSchema } from "../../../contract/operation.ts";
import { flag, limit, list, page, required, tagKey, tags, tagValue, text, version } from "../fields.ts";
import { get, patch, post, type Route, remove } from "../route.ts";
import { versionJson } from "../wire/registry.ts";
import { stageField } from "./registered-models.ts";

const byVersion = z.object({ name: required, version });
const nothing = { tags: {}, removeTags: [], properties: {} };

export const modelVersionRoutes: Route[] = [
  post(
    "model-versions/create",
    z.object({
      name: required.pipe(modelNameSchema),
      source: required,
      run_id: text.optional(),
      run_link: text.optional(),
      model_id: text.optional(),
      description: text.optional(),
      tags,
    }),
    async ({ registry }, input, context) => {
      const request = {
        name: input.name,
        source: input.source,
        runId: input.run_id || undefined,
        runLink: input.run_link || undefined,
        loggedModelId: input.model_id || undefined,
        description: input.description || undefined,
        tags: input.tags,
      };
      return { model_version: versionJson(await registry.registerSource(request, context)) };
    },
  ),
  get("model-versions/get", byVersion, async ({ registry }, reference) => ({
    model_version: versionJson(await registry.getVersion(reference)),
  })),
  // A description that is left out is cleared.
  patch(
    "model-versions/update",
    byVersion.extend({ description: text.optional() }),
    async ({ handlers }, { name, version, description = "" }, context) => {
      const change = { ...nothing, name, version, description: description || null };
      return { model_version: versionJson(await handlers.tagModel(change, context)) };
    },
  ),
  remove("model-versions/delete", byVersion, async ({ handlers }, input, context) => {
    await handlers.deleteModel(input, context);
    return undefined;
  }),
  post(
    "model-versions/transition-stage",
    byVersion.extend({ stage: stageField, archive_existing_versions: flag.default(false) }),
    async ({ handlers }, { name, version, stage, archive_existing_versions }, context) => {
      const request = { name, version, stage, archiveExisting: archive_existing_versions };
      return { model_version: versionJson(await handlers.transitionStage(request, context)) };
    },
  ),
  post(
    "model-versions/set-tag",
    byVersion.extend({ key: tagKey, value: tagValue.default("") }),
    async ({ handlers }, { name, version, key, value }, context) => {
      await handlers.tagModel({ ...nothing, name, version, tags: { [key]: value } }, context);
      return undefined;
    },
  ),
  remove(
    "model-versions/delete-tag",
    byVersion.extend({ key: tagKey }),
    async ({ handlers }, { name, version, key }, context) => {
      await handlers.tagModel({ ...nothing, name, version, removeTags: [key] }, context);
      return undefined;
    },
  ),
  get(
    "model-versions/search",
    z.object({ filter: text.optional(), max_results: limit(200_000).default(200_000), order_by: list, ...page }),
    async ({ registry }, { filter, max_results, order_by, page_token }) => {
      const search = { filter, limit: max_results, orderBy: order_by, pageToken: page_token || undefined };
      const { items, nextPageToken } = await registry.searchVersions(search);
      return { model_versions: items.map(versionJson), next_page_token: nextPageToken };
    },
  ),
  get("model-versions/get-download-uri", byVersion, async ({ registry }, reference) => ({
    artifact_uri: await registry.downloadUri(await registry.getVersion(reference)),
  })),
];
