import type { Db } from "../../kernel/db.ts";
import { decodeProfile, decodeSample, encodeProfile } from "./codec.ts";
import type { RowSample } from "./row-sample.ts";
import { mergeTables, type TableProfile } from "./table-profile.ts";

export type Side = "inputs" | "predictions";

export interface WindowKey {
  service: string;
  revision: number;
  side: Side;
  /** When the window begins, epoch ms. */
  at: number;
  /** Digest of the layout; empty without a baseline. */
  layout: string;
}
export type StoredWindow = WindowKey & { rows: number };

/** A window of any length with the stored ones that make it. */
export interface TimeWindow {
  from: number;
  to: number;
  stored: StoredWindow[];
}
interface Tables {
  profiles: WindowKey & { rows: number; profile: Uint8Array; sample: Uint8Array };
}

const keyed = (db: Db, { service, revision, side, at, layout }: WindowKey) =>
  db
    .tables<Tables>()
    .selectFrom("profiles")
    .where("service", "=", service)
    .where("at", "=", at)
    .where("revision", "=", revision)
    .where("side", "=", side)
    .where("layout", "=", layout);

/** Profiles as they were written last, by window: they are not read again as long as the database has the same bytes. */
export type WindowMemory = Map<string, { profile: Buffer; sample: Buffer; table: TableProfile }>;

const remembered = 8;

/** Adds a profile to its window. */
export async function addToWindow(tx: Db, key: WindowKey, profile: TableProfile, memory: WindowMemory): Promise<void> {
  const name = JSON.stringify(Object.values(key));
  const before = await keyed(tx, key).select(["profile", "sample"]).executeTakeFirst();
  const known = memory.get(name);
  // What a transaction wrote that failed is not in the database: then the bytes differ.
  const same = known !== undefined && before !== undefined && isOf(known, before);
  const merged = before === undefined ? profile : same ? known.table : readTable(before);
  if (before !== undefined) mergeTables(merged, profile);
  const written = encodeProfile(merged);
  memory.delete(name);
  if (memory.size >= remembered) memory.delete(memory.keys().next().value as string);
  memory.set(name, { ...written, table: merged });
  const row = { rows: merged.rows, ...written };
  await tx
    .tables<Tables>()
    .insertInto("profiles")
    .values({ ...key, ...row })
    .onConflict((conflict) => conflict.columns(["service", "at", "revision", "side", "layout"]).doUpdateSet(row))
    .execute();
}

const isOf = (known: { profile: Buffer; sample: Buffer }, row: { profile: Uint8Array; sample: Uint8Array }): boolean =>
  known.profile.equals(row.profile) && known.sample.equals(row.sample);

const readTable = ({ profile, sample }: { profile: Uint8Array; sample: Uint8Array }): TableProfile => ({
  ...decodeProfile(profile),
  sample: decodeSample(sample),
});

export interface WindowFilter {
  service: string;
  /** Windows that begin from here on, and before there; epoch ms. */
  from: number;
  to: number;
  revision?: number | undefined;
  side?: Side | undefined;
}

const windowsOf = (db: Db, { service, from, to, revision, side }: WindowFilter) => {
  let query = db
    .tables<Tables>()
    .selectFrom("profiles")
    .where("service", "=", service)
    .where("at", ">=", from)
    .where("at", "<", to)
    .orderBy("at");
  if (revision !== undefined) query = query.where("revision", "=", revision);
  if (side !== undefined) query = query.where("side", "=", side);
  return query;
};

/** What there is, without its content. */
export const selectWindows = (db: Db, filter: WindowFilter): Promise<StoredWindow[]> =>
  windowsOf(db, filter).select(["service", "revision", "side", "at", "layout", "rows"]).execute();

export async function readProfile(db: Db, key: WindowKey): Promise<TableProfile> {
  return decodeProfile((await keyed(db, key).select("profile").executeTakeFirstOrThrow()).profile);
}

export async function readSample(db: Db, key: WindowKey): Promise<RowSample> {
  return decodeSample((await keyed(db, key).select("sample").executeTakeFirstOrThrow()).sample);
}

/** The services with windows that begin from a moment on. */
export async function profiledServices(db: Db, from: number): Promise<string[]> {
  const rows = await db
    .tables<Tables>()
    .selectFrom("profiles")
    .select("service")
    .distinct()
    .where("at", ">=", from)
    .execute();
  return rows.map(({ service }) => service);
}

/** Deletes what was counted of a service in the windows that begin at a moment. */
export async function deleteWindows(tx: Db, service: string, at: number): Promise<void> {
  await tx.tables<Tables>().deleteFrom("profiles").where("service", "=", service).where("at", "=", at).execute();
}

export async function deleteWindowsBefore(db: Db, at: number): Promise<void> {
  await db.tables<Tables>().deleteFrom("profiles").where("at", "<", at).execute();
}
