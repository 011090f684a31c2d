import { type ExpressionBuilder, sql } from "kysely";
import type { Db } from "../../kernel/db.ts";
import { decodeProfile, decodeSample, encodeProfile } from "./codec.ts";
import { mergeSamples, type RowSample } from "./row-sample.ts";
import { mergeTables, type TableProfile } from "./table-profile.ts";
import { nextWindow, windowMs } from "./window.ts";

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
/** A row is a part of a window: the n-th after the first says that it begins n ms later. */
interface Tables {
  profiles: WindowKey & { rows: number; profile: Uint8Array; sample: Uint8Array };
}

const partsOf =
  ({ service, revision, side, at, layout }: WindowKey) =>
  (is: ExpressionBuilder<Tables, "profiles">) =>
    is.and([is.and({ service, revision, side, layout }), is("at", ">=", at), is("at", "<", at + windowMs)]);

const parts = (db: Db, key: WindowKey) => db.tables<Tables>().selectFrom("profiles").where(partsOf(key)).orderBy("at");

/** Adds a profile to its window as a part of its own: what was counted before is not written anew. */
export async function addToWindow(tx: Db, key: WindowKey, profile: TableProfile): Promise<void> {
  const last = await tx
    .tables<Tables>()
    .selectFrom("profiles")
    .where(partsOf(key))
    .select(({ fn }) => fn.max("at").as("at"))
    .executeTakeFirst();
  await insertPart(tx, { ...key, at: last?.at == null ? key.at : last.at + 1 }, profile);
}

const insertPart = (tx: Db, { service, revision, side, at, layout }: WindowKey, profile: TableProfile) =>
  tx
    .tables<Tables>()
    .insertInto("profiles")
    .values({ service, revision, side, at, layout, rows: profile.rows, ...encodeProfile(profile) })
    .execute();

/** Makes one part of those of a window. */
export async function mergeParts(tx: Db, key: WindowKey): Promise<void> {
  const stored = await parts(tx, key).select(["profile", "sample"]).execute();
  await tx.tables<Tables>().deleteFrom("profiles").where(partsOf(key)).execute();
  await insertPart(tx, key, added(stored, readTable, mergeTables));
}

const readTable = ({ profile, sample }: Pick<Tables["profiles"], "profile" | "sample">): TableProfile => ({
  ...decodeProfile(profile),
  sample: decodeSample(sample),
});

/** One is read after the other: objects that are added at once are cheap to collect. */
function added<Row, Part>(rows: readonly Row[], read: (row: Row) => Part, add: (into: Part, from: Part) => void): Part {
  const [first, ...others] = rows;
  if (first === undefined) throw new Error("no such window");
  const sum = read(first);
  for (const other of others) add(sum, read(other));
  return sum;
}

const windowStart = sql<number>`at - at % ${sql.lit(windowMs)}`;

export interface WindowFilter {
  service: string;
  /** Windows that begin from here on, and before there; epoch ms. */
  from: number;
  to: number;
  revision?: number | undefined;
  side?: Side | undefined;
}

/** Each window once, of all of its parts, in the order of time. */
const windowsOf = (db: Db, { service, from, to, revision, side }: WindowFilter) => {
  let query = db
    .tables<Tables>()
    .selectFrom("profiles")
    .where("service", "=", service)
    .where("at", ">=", nextWindow(from))
    .where("at", "<", nextWindow(to));
  if (revision !== undefined) query = query.where("revision", "=", revision);
  if (side !== undefined) query = query.where("side", "=", side);
  return query
    .select(["service", "revision", "side", "layout", windowStart.as("at")])
    .groupBy([windowStart, "revision", "side", "layout"])
    .orderBy(windowStart)
    .orderBy("revision")
    .orderBy("side")
    .orderBy("layout");
};

/** What there is, without its content. */
export const selectWindows = (db: Db, filter: WindowFilter): Promise<StoredWindow[]> =>
  windowsOf(db, filter)
    .select(({ fn }) => fn.sum<number>("rows").as("rows"))
    .execute();

/** Windows that have more than one part, with how many more. */
export const selectParted = (db: Db, filter: WindowFilter): Promise<(WindowKey & { more: number })[]> =>
  windowsOf(db, filter)
    .where("at", "!=", windowStart)
    .select(({ fn }) => fn.countAll<number>().as("more"))
    .execute();

/** Without its sample. */
export async function readProfile(db: Db, key: WindowKey): Promise<TableProfile> {
  const stored = await parts(db, key).select("profile").execute();
  return added(stored, ({ profile }) => decodeProfile(profile), mergeTables);
}

export async function readSample(db: Db, key: WindowKey): Promise<RowSample> {
  const stored = await parts(db, key).select("sample").execute();
  return added(
    stored,
    ({ sample }) => decodeSample(sample),
    (into, from) => mergeSamples(into, from, Math.max(into.capacity, from.capacity)),
  );
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

/** Deletes what was counted of a service in the window that begins at a moment. */
export async function deleteWindows(tx: Db, service: string, at: number): Promise<void> {
  await tx
    .tables<Tables>()
    .deleteFrom("profiles")
    .where("service", "=", service)
    .where("at", ">=", at)
    .where("at", "<", at + windowMs)
    .execute();
}

/** Deletes the windows that begin before a moment. */
export async function deleteWindowsBefore(db: Db, at: number): Promise<void> {
  await db.tables<Tables>().deleteFrom("profiles").where("at", "<", nextWindow(at)).execute();
}
