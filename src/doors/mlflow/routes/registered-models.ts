import { z } from "zod";
import { aliasNameSchema, stages } from "../../../contract/model.ts";
import { modelNameSchema } from "../../../contract/operation.ts";
import { limit, list, page, required, tagKey, tags, tagValue, text, version } from "../fields.ts";
import type { MlflowPorts } from "../ports.ts";
import { ask, get, patch, post, type Route, remove } from "../route.ts";
import { modelJson, versionJson } from "../wire/registry.ts";

const byName = z.object({ name: required });

/** A stage in any case, as its canonical name. */
export const stageField = required.transform((given, context) => {
  const stage = stages.find((known) => known.toLowerCase() === given.toLowerCase());
  if (stage !== undefined) return stage;
  context.addIssue({
    code: "custom",
    message: `Invalid Model Version stage: ${given}. Value must be one of ${stages.join(", ")}.`,
  });
  return z.NEVER;
});

const modelAnswer = async ({ registry }: MlflowPorts, name: string): Promise<object> => {
  const model = await registry.getModel(name);
  const latest = await registry.latestByStage([name]);
  return { registered_model: modelJson(model, latest.get(name) ?? []) };
};

const latestInput = byName.extend({ stages: list.pipe(z.array(stageField)) });
const latestAnswer = async ({ registry }: MlflowPorts, input: z.output<typeof latestInput>): Promise<object> => {
  await registry.getModel(input.name);
  const latest = (await registry.latestByStage([input.name])).get(input.name) ?? [];
  const wanted = latest.filter(({ stage }) => input.stages.length === 0 || input.stages.includes(stage));
  return { model_versions: wanted.map(versionJson) };
};

const aliasRoutes: Route[] = [
  post(
    "registered-models/alias",
    byName.extend({ alias: required.pipe(aliasNameSchema), version }),
    async ({ handlers }, input, context) => {
      await handlers.setAlias(input, context);
      return undefined;
    },
  ),
  get("registered-models/alias", byName.extend({ alias: required }), async ({ registry }, reference) => ({
    model_version: versionJson(await registry.getVersion(reference)),
  })),
  remove("registered-models/alias", byName.extend({ alias: required }), async (ports, { name, alias }, context) => {
    const model = await ports.registry.getModel(name);
    if (model.aliases.some((held) => held.alias === alias)) await ports.handlers.deleteAlias({ name, alias }, context);
    return undefined;
  }),
];

export const registeredModelRoutes: Route[] = [
  post(
    "registered-models/create",
    z.object({ name: required.pipe(modelNameSchema), tags, description: text.optional() }),
    async (ports, { name, tags, description }, context) => {
      await ports.handlers.createModel({ name, tags, description: description || undefined }, context);
      return modelAnswer(ports, name);
    },
  ),
  get("registered-models/get", byName, (ports, { name }) => modelAnswer(ports, name)),
  // A description that is left out is cleared.
  patch("registered-models/update", byName.extend({ description: text.optional() }), async (ports, input, context) => {
    const { name, description = null } = input;
    await ports.handlers.updateModel({ name, description: description || null, tags: {}, removeTags: [] }, context);
    return modelAnswer(ports, name);
  }),
  post(
    "registered-models/rename",
    byName.extend({ new_name: required.pipe(modelNameSchema) }),
    async (ports, { name, new_name }, context) => {
      await ports.handlers.renameModel({ name, newName: new_name }, context);
      return modelAnswer(ports, new_name);
    },
  ),
  remove("registered-models/delete", byName, async ({ handlers }, { name }, context) => {
    await handlers.deleteWholeModel({ name }, context);
    return undefined;
  }),
  get(
    "registered-models/search",
    z.object({ filter: text.optional(), max_results: limit(1000).default(100), order_by: list, ...page }),
    async ({ registry }, { filter, max_results, order_by, page_token }) => {
      const search = { filter, limit: max_results, orderBy: order_by, pageToken: page_token || undefined };
      const { items, nextPageToken } = await registry.searchModels(search);
      const latest = await registry.latestByStage(items.map(({ name }) => name));
      return {
        registered_models: items.map((model) => modelJson(model, latest.get(model.name) ?? [])),
        next_page_token: nextPageToken,
      };
    },
  ),
  get("registered-models/get-latest-versions", latestInput, latestAnswer),
  ask("registered-models/get-latest-versions", latestInput, latestAnswer),
  post(
    "registered-models/set-tag",
    byName.extend({ key: tagKey, value: tagValue.default("") }),
    async ({ handlers }, { name, key, value }, context) => {
      await handlers.updateModel({ name, tags: { [key]: value }, removeTags: [] }, context);
      return undefined;
    },
  ),
  remove(
    "registered-models/delete-tag",
    byName.extend({ key: tagKey }),
    async ({ handlers }, { name, key }, context) => {
      await handlers.updateModel({ name, tags: {}, removeTags: [key] }, context);
      return undefined;
    },
  ),
  ...aliasRoutes,
];
