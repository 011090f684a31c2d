import { type Expression, type SqlBool, sql } from "kysely";
import type { RequestLanguage } from "../../../contract/host.ts";
import type { Db } from "../../../kernel/db.ts";

export interface RecordRow {
  id: string;
  service: string;
  revision: number;
  image: string;
  at: number;
  duration_ms: number;
  status: number;
  body: Uint8Array;
  body_size: number;
  answer: Uint8Array;
  answer_size: number;
  content_type: string | null;
  answer_type: string | null;
  trace_id: string | null;
  mirrored: number;
  language: RequestLanguage | null;
  body_json_bytes: number | null;
  answer_json_bytes: number | null;
  /** What the client calls it; null when that is the id. */
  correlation_id: string | null;
  caller: string | null;
  /** Requests it stands for, where a sample is kept; else 1. */
  weight: number;
  /** 1: kept because of what it is, and not in the sample. */
  out_of_sample: number;
}
export interface RecordModels {
  record_models: { image: string; model: string };
}

export type StoredRecord = RecordRow & { sequence: number; models: string[] };

export interface RecordFilter {
  id?: string | undefined;
  service?: string | undefined;
  revision?: number | undefined;
  model?: { name: string; version: number | undefined } | undefined;
  sinceMs?: number | undefined;
  /** Before this moment. */
  untilMs?: number | undefined;
  /** `500` or `5xx`. */
  status?: string | undefined;
  /** 32 hexadecimal digits. */
  traceId?: string | undefined;
  /** What the client called it, or its own id. */
  correlationId?: string | undefined;
}

/** Whether an image has a model of this name, in this version if one is named. */
export function ofModel(image: Expression<string>, { name, version }: NonNullable<RecordFilter["model"]>) {
  const named =
    version === undefined
      ? sql`substr(m.model, 1, ${[...name].length + 1}) = ${`${name}:`}`
      : sql`m.model = ${`${name}:${version}`}`;
  return sql<SqlBool>`exists (select 1 from record_models m where m.image = ${image} and ${named})`;
}

/** Records with the models of their images, as they are named now. */
export async function withModels<Row extends Pick<StoredRecord, "image">>(
  db: Db,
  rows: readonly Row[],
): Promise<(Row & Pick<StoredRecord, "models">)[]> {
  const images = [...new Set(rows.map((row) => row.image))];
  if (images.length === 0) return [];
  const models = await db
    .tables<RecordModels>()
    .selectFrom("record_models")
    .selectAll()
    .where("image", "in", images)
    .orderBy("model")
    .execute();
  return rows.map((row) => ({
    ...row,
    models: models.filter((entry) => entry.image === row.image).map((entry) => entry.model),
  }));
}
