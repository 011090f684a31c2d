import type { Db } from "../../kernel/db.ts";
import { type LatencyHistogram, mergeLatencies } from "./latency-histogram.ts";

interface UsageRow {
  service: string;
  revision: number;
  image: string;
  minute: number;
  requests: number;
  errors: number;
  latencies: string;
  first_at: number;
  last_at: number;
}
interface Tables {
  usage_minutes: UsageRow;
  record_models: { image: string; model: string };
}

export interface UsageMinute extends Omit<UsageRow, "latencies"> {
  latencies: LatencyHistogram;
}

export async function addUsage(tx: Db, minute: UsageMinute): Promise<void> {
  const db = tx.tables<Tables>();
  const { service, revision, image, latencies } = minute;
  const before = await db
    .selectFrom("usage_minutes")
    .selectAll()
    .where("service", "=", service)
    .where("revision", "=", revision)
    .where("image", "=", image)
    .where("minute", "=", minute.minute)
    .executeTakeFirst();
  if (before === undefined) {
    await db
      .insertInto("usage_minutes")
      .values({ ...minute, latencies: JSON.stringify(latencies) })
      .execute();
    return;
  }
  mergeLatencies(latencies, JSON.parse(before.latencies) as LatencyHistogram);
  await db
    .updateTable("usage_minutes")
    .set({
      requests: before.requests + minute.requests,
      errors: before.errors + minute.errors,
      latencies: JSON.stringify(latencies),
      first_at: Math.min(before.first_at, minute.first_at),
      last_at: Math.max(before.last_at, minute.last_at),
    })
    .where("service", "=", service)
    .where("revision", "=", revision)
    .where("image", "=", image)
    .where("minute", "=", minute.minute)
    .execute();
}

export async function selectUsage(
  db: Db,
  sinceMs: number,
  service?: string,
): Promise<(UsageMinute & { models: string[] })[]> {
  const tables = db.tables<Tables>();
  let query = tables
    .selectFrom("usage_minutes")
    .selectAll()
    .where("minute", ">=", Math.floor(sinceMs / 60_000));
  if (service !== undefined) query = query.where("service", "=", service);
  const models = await tables.selectFrom("record_models").selectAll().execute();
  return (await query.execute()).map((row) => ({
    ...row,
    latencies: JSON.parse(row.latencies) as LatencyHistogram,
    models: models.filter((entry) => entry.image === row.image).map((entry) => entry.model),
  }));
}
