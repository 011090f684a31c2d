import type { Db } from "../../kernel/db.ts";
import { decodeLatencies, encodeLatencies } from "./latency-histogram.ts";
import { mergeUsage, type Usage } from "./usage.ts";

interface SlotRow {
  service: string;
  minute: number;
  span: number;
  revision: number;
  image: string;
  caller: string;
  requests: number;
  answered_rows: number;
  errors: string;
  bytes_in: number;
  bytes_out: number;
  latencies: Uint8Array | string;
  first_at: number;
  last_at: number;
}
interface Tables {
  usage_slots: SlotRow;
  record_models: { image: string; model: string };
}

/** Usage of one caller of one revision in the `span` minutes that begin with `minute` (since 1970). */
export interface UsageSlot extends Usage {
  service: string;
  minute: number;
  span: number;
  revision: number;
  image: string;
  /** Empty where it is not known. */
  caller: string;
}

const toSlot = (row: SlotRow): UsageSlot => ({
  service: row.service,
  minute: row.minute,
  span: row.span,
  revision: row.revision,
  image: row.image,
  caller: row.caller,
  requests: row.requests,
  rows: row.answered_rows,
  errors: JSON.parse(row.errors) as Record<string, number>,
  bytesIn: row.bytes_in,
  bytesOut: row.bytes_out,
  latencies: decodeLatencies(row.latencies),
  firstAt: row.first_at,
  lastAt: row.last_at,
});

/** Adds to what is there of the slot. */
export async function addUsage(tx: Db, slot: UsageSlot): Promise<void> {
  const db = tx.tables<Tables>();
  const { service, minute, span, revision, image, caller } = slot;
  const before = await db
    .selectFrom("usage_slots")
    .selectAll()
    .where("service", "=", service)
    .where("minute", "=", minute)
    .where("span", "=", span)
    .where("revision", "=", revision)
    .where("image", "=", image)
    .where("caller", "=", caller)
    .executeTakeFirst();
  if (before !== undefined) mergeUsage(slot, toSlot(before));
  const counted = {
    requests: slot.requests,
    answered_rows: slot.rows,
    errors: JSON.stringify(slot.errors),
    bytes_in: slot.bytesIn,
    bytes_out: slot.bytesOut,
    latencies: encodeLatencies(slot.latencies),
    first_at: slot.firstAt,
    last_at: slot.lastAt,
  };
  await db
    .insertInto("usage_slots")
    .values({ service, minute, span, revision, image, caller, ...counted })
    .onConflict((conflict) =>
      conflict.columns(["service", "minute", "span", "revision", "image", "caller"]).doUpdateSet(counted),
    )
    .execute();
}

/** Services with usage, also those that are gone. */
export async function selectUsedServices(db: Db): Promise<string[]> {
  const rows = await db
    .tables<Tables>()
    .selectFrom("usage_slots")
    .select("service")
    .distinct()
    .orderBy("service")
    .execute();
  return rows.map((row) => row.service);
}

/** Slots of a service that begin in `[from, to)` (minutes since 1970), in their order. */
export async function selectUsage(
  db: Db,
  service: string,
  from: number,
  to = Number.MAX_SAFE_INTEGER,
): Promise<UsageSlot[]> {
  const query = db.tables<Tables>().selectFrom("usage_slots").selectAll().where("service", "=", service);
  return (await query.where("minute", ">=", from).where("minute", "<", to).orderBy("minute").execute()).map(toSlot);
}

/** Slots of all services in which an image answered, from `from` (minutes since 1970) on. */
export async function selectUsageOfImage(db: Db, image: string, from: number): Promise<UsageSlot[]> {
  const query = db.tables<Tables>().selectFrom("usage_slots").selectAll().where("image", "=", image);
  return (await query.where("minute", ">=", from).execute()).map(toSlot);
}

/** The image that answered last, as far as the slots tell. */
export async function selectLastImage(db: Db, service: string): Promise<string | undefined> {
  const slots = db.tables<Tables>().selectFrom("usage_slots").select("image").where("service", "=", service);
  return (await slots.orderBy("minute", "desc").orderBy("last_at", "desc").limit(1).executeTakeFirst())?.image;
}

/** `name:version` of the models of every image that was ever built, by its digest. */
export async function selectModelsOfImages(db: Db): Promise<Map<string, string[]>> {
  const rows = await db.tables<Tables>().selectFrom("record_models").selectAll().orderBy("model").execute();
  const models = new Map<string, string[]>();
  for (const { image, model } of rows) models.set(image, [...(models.get(image) ?? []), model]);
  return models;
}

/** The beginning of the first slot of this span, if one ends by `before` (minutes since 1970). */
export async function firstMinuteOfSpan(db: Db, span: number, before: number): Promise<number | undefined> {
  const row = await db
    .tables<Tables>()
    .selectFrom("usage_slots")
    .select("minute")
    .where("span", "=", span)
    .where("minute", "<", before)
    .orderBy("minute")
    .limit(1)
    .executeTakeFirst();
  return row?.minute;
}

/** Takes the slots of a span that begin in `[from, to)` out of the table. */
export async function takeSlots(tx: Db, span: number, from: number, to: number): Promise<UsageSlot[]> {
  const rows = await tx
    .tables<Tables>()
    .deleteFrom("usage_slots")
    .where("span", "=", span)
    .where("minute", ">=", from)
    .where("minute", "<", to)
    .returningAll()
    .execute();
  return rows.map(toSlot);
}

/** When a service was asked last up to a moment, epoch ms; null: never. Within a slot that is not over then: at the moment itself. */
export async function selectLastUse(db: Db, service: string, before: number): Promise<number | null> {
  const begun = Math.floor(before / 60_000) + 1;
  const rows = await db
    .tables<Tables>()
    .selectFrom("usage_slots")
    .select("last_at")
    .where("service", "=", service)
    .where("minute", "=", (eb) =>
      eb
        .selectFrom("usage_slots")
        .select((inner) => inner.fn.max("minute").as("minute"))
        .where("service", "=", service)
        .where("minute", "<", begun),
    )
    .execute();
  return rows.length === 0 ? null : Math.min(before, Math.max(...rows.map((row) => row.last_at)));
}
