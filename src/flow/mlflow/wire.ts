import { z } from "zod";

/** What MLflow's REST API answers, as far as an import reads it (mlflow/protos/service.proto). Unset members are left out by the server. */
const pairs = z
  .array(z.object({ key: z.string(), value: z.string().default("") }))
  .default([])
  .transform((list): Record<string, string> => Object.fromEntries(list.map(({ key, value }) => [key, value])));
const text = z.string().nullish();

export const modelSchema = z.object({
  name: z.string(),
  description: text,
  tags: pairs,
  aliases: z.array(z.object({ alias: z.string(), version: z.coerce.number() })).default([]),
});
export type MlflowModel = z.output<typeof modelSchema>;

export const versionSchema = z.object({
  name: z.string(),
  version: z.coerce.number().int().min(1),
  creation_timestamp: z.coerce.number().int().default(0),
  user_id: text,
  current_stage: text,
  description: text,
  source: text,
  run_id: text,
  run_link: text,
  status: text,
  tags: pairs,
});
export type MlflowVersion = z.output<typeof versionSchema>;

export const runSchema = z.object({
  data: z
    .object({
      /** A value is a number, or a text such as "NaN". */
      metrics: z.array(z.object({ key: z.string(), value: z.unknown() })).default([]),
      tags: pairs,
    })
    .prefault({}),
});
export type MlflowRun = z.output<typeof runSchema>;

export const artifactSchema = z.object({
  path: z.string(),
  is_dir: z.boolean().default(false),
  /** Left out for empty files too. */
  file_size: z.coerce.number().int().min(0).optional(),
});
export type MlflowArtifact = z.output<typeof artifactSchema>;

const pageToken = z.string().optional();
export const modelPageSchema = z.object({
  registered_models: z.array(modelSchema).default([]),
  next_page_token: pageToken,
});
export const versionPageSchema = z.object({
  model_versions: z.array(versionSchema).default([]),
  next_page_token: pageToken,
});
