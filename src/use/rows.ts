import { type SqlBool, sql } from "kysely";
import { type Settings, settingsSchema } from "../contract/settings.ts";
import type { Change, Difference, HistoryEntry } from "../contract/update.ts";
import type { Db } from "../kernel/db.ts";

interface ServiceRow {
  name: string;
  wanted: "running" | "stopped";
  revision: number;
  last_revision: number;
  image: string;
  settings: string;
  primary_key: string;
  secondary_key: string;
  created_at: number;
  updated_at: number;
}
export type RevisionState = "candidate" | "active" | "retired" | "failed";
interface RevisionRow {
  service: string;
  revision: number;
  image: string;
  models: string;
  settings: string;
  state: RevisionState;
  created_at: number;
  created_by: string;
}
interface HistoryRow {
  id: string;
  service: string;
  at: number;
  action: HistoryEntry["action"];
  outcome: HistoryEntry["outcome"];
  revision: number | null;
  by_whom: string;
  reason: string | null;
  differences: string;
  error: string | null;
}
interface Tables {
  services: ServiceRow;
  revisions: RevisionRow;
  history: HistoryRow;
  image_models: { digest: string; name: string; version: number };
}

export interface StoredService {
  name: string;
  wanted: "running" | "stopped";
  /** The revision with traffic; 0 until the first one is ready. */
  revision: number;
  image: string;
  settings: Settings;
  keys: { primary: string; secondary: string };
  createdAt: number;
  updatedAt: number;
}
export interface StoredRevision {
  service: string;
  revision: number;
  image: string;
  models: string[];
  settings: Settings;
  state: RevisionState;
  createdAt: number;
  createdBy: string;
}

/** What was kept before a setting was there has its default. */
const readSettings = (text: string): Settings => settingsSchema.parse(JSON.parse(text));

const toService = (row: ServiceRow): StoredService => ({
  name: row.name,
  wanted: row.wanted,
  revision: row.revision,
  image: row.image,
  settings: readSettings(row.settings),
  keys: { primary: row.primary_key, secondary: row.secondary_key },
  createdAt: row.created_at,
  updatedAt: row.updated_at,
});

const toRevision = (row: RevisionRow): StoredRevision => ({
  service: row.service,
  revision: row.revision,
  image: row.image,
  models: JSON.parse(row.models) as string[],
  settings: readSettings(row.settings),
  state: row.state,
  createdAt: row.created_at,
  createdBy: row.created_by,
});

const toHistory = (row: HistoryRow): HistoryEntry => ({
  id: row.id,
  at: row.at,
  action: row.action,
  outcome: row.outcome,
  revision: row.revision,
  by: row.by_whom,
  reason: row.reason,
  differences: JSON.parse(row.differences) as Difference[],
  error: row.error,
});

export async function findService(db: Db, name: string): Promise<StoredService | undefined> {
  const row = await db.tables<Tables>().selectFrom("services").selectAll().where("name", "=", name).executeTakeFirst();
  return row === undefined ? undefined : toService(row);
}

export async function selectServices(
  db: Db,
  filter: {
    model?: { name: string; version?: number | undefined } | undefined;
    limit?: number;
    after?: string | undefined;
  } = {},
): Promise<StoredService[]> {
  const { model, limit, after } = filter;
  let query = db.tables<Tables>().selectFrom("services").selectAll().orderBy("name");
  if (limit !== undefined) query = query.limit(limit);
  if (after !== undefined) query = query.where("name", ">", after);
  if (model !== undefined) {
    const version = model.version === undefined ? sql`` : sql`and m.version = ${model.version}`;
    query = query.where(
      sql<SqlBool>`exists (select 1 from image_models m where m.digest = services.image and m.name = ${model.name} ${version})`,
    );
  }
  return (await query.execute()).map(toService);
}

/** Makes the row of a service whose first revision is not ready yet. Revision numbers continue those of an earlier service of that name. */
export async function insertService(tx: Db, service: StoredService): Promise<void> {
  const db = tx.tables<Tables>();
  const { name, wanted, revision, image, createdAt, updatedAt, keys } = service;
  const row = await db
    .selectFrom("revisions")
    .select((eb) => eb.fn.max("revision").as("last"))
    .where("service", "=", name)
    .executeTakeFirst();
  await db
    .insertInto("services")
    .values({
      name,
      wanted,
      revision,
      last_revision: row?.last ?? 0,
      image,
      settings: JSON.stringify(service.settings),
      primary_key: keys.primary,
      secondary_key: keys.secondary,
      created_at: createdAt,
      updated_at: updatedAt,
    })
    .execute();
}

/** Writes a candidate with the service's next revision number. */
export async function insertCandidate(tx: Db, candidate: Omit<StoredRevision, "revision" | "state">): Promise<number> {
  const db = tx.tables<Tables>();
  const { service, image, createdAt, createdBy } = candidate;
  const { last_revision: revision } = await db
    .updateTable("services")
    .set({ last_revision: sql`last_revision + 1` })
    .where("name", "=", service)
    .returning("last_revision")
    .executeTakeFirstOrThrow();
  const models = JSON.stringify(candidate.models);
  await db
    .insertInto("revisions")
    .values({
      service,
      revision,
      image,
      models,
      settings: JSON.stringify(candidate.settings),
      state: "candidate",
      created_at: createdAt,
      created_by: createdBy,
    })
    .execute();
  return revision;
}

/** Gives the traffic of a service to a candidate; what served before is retired. */
export async function activate(tx: Db, candidate: StoredRevision, at: number): Promise<void> {
  const db = tx.tables<Tables>();
  const { service, revision, image } = candidate;
  await db
    .updateTable("revisions")
    .set({ state: "retired" })
    .where("service", "=", service)
    .where("state", "=", "active")
    .execute();
  await setRevisionState(tx, service, revision, "active");
  await db
    .updateTable("services")
    .set({ revision, image, settings: JSON.stringify(candidate.settings), updated_at: at })
    .where("name", "=", service)
    .execute();
}

export async function setRevisionState(tx: Db, service: string, revision: number, state: RevisionState): Promise<void> {
  await tx
    .tables<Tables>()
    .updateTable("revisions")
    .set({ state })
    .where("service", "=", service)
    .where("revision", "=", revision)
    .execute();
}

export async function setWanted(tx: Db, name: string, wanted: "running" | "stopped", at: number): Promise<void> {
  await tx.tables<Tables>().updateTable("services").set({ wanted, updated_at: at }).where("name", "=", name).execute();
}

export async function setKey(tx: Db, name: string, key: "primary" | "secondary", secret: string): Promise<void> {
  const column = key === "primary" ? { primary_key: secret } : { secondary_key: secret };
  await tx.tables<Tables>().updateTable("services").set(column).where("name", "=", name).execute();
}

export async function deleteServiceRow(tx: Db, name: string): Promise<void> {
  const db = tx.tables<Tables>();
  await db
    .updateTable("revisions")
    .set({ state: "retired" })
    .where("service", "=", name)
    .where("state", "in", ["active", "candidate"])
    .execute();
  await db.deleteFrom("services").where("name", "=", name).execute();
}

export async function findRevision(db: Db, service: string, revision: number): Promise<StoredRevision | undefined> {
  const row = await db
    .tables<Tables>()
    .selectFrom("revisions")
    .selectAll()
    .where("service", "=", service)
    .where("revision", "=", revision)
    .executeTakeFirst();
  return row === undefined ? undefined : toRevision(row);
}

/** Revisions in these states, lowest first. */
export async function selectRevisions(
  db: Db,
  states: readonly RevisionState[],
  service?: string,
): Promise<StoredRevision[]> {
  let query = db
    .tables<Tables>()
    .selectFrom("revisions")
    .selectAll()
    .where("state", "in", states)
    .orderBy("service")
    .orderBy("revision");
  if (service !== undefined) query = query.where("service", "=", service);
  return (await query.execute()).map(toRevision);
}

export async function insertHistory(tx: Db, service: string, entry: HistoryEntry): Promise<void> {
  const { id, at, action, outcome, revision, by, reason, error } = entry;
  await tx
    .tables<Tables>()
    .insertInto("history")
    .values({
      id,
      service,
      at,
      action,
      outcome,
      revision,
      by_whom: by,
      reason,
      differences: JSON.stringify(entry.differences),
      error,
    })
    .execute();
}

/** History is append-only but for this: work that was going on comes to its end. */
export async function endHistory(
  tx: Db,
  id: string,
  outcome: "done" | "failed",
  revision: number | null,
  error: string | null,
): Promise<void> {
  await tx.tables<Tables>().updateTable("history").set({ outcome, revision, error }).where("id", "=", id).execute();
}

/** Ends the entries of work that a stopped server left. */
export async function endInterruptedHistory(tx: Db, error: string): Promise<void> {
  await tx
    .tables<Tables>()
    .updateTable("history")
    .set({ outcome: "failed", error })
    .where("outcome", "=", "running")
    .execute();
}

/** Changes of all services, newest first. */
export async function selectChanges(
  db: Db,
  {
    outcome,
    newest,
    limit,
    before,
  }: { outcome?: string | undefined; newest: boolean; limit: number; before?: string | undefined },
): Promise<Change[]> {
  let query = db.tables<Tables>().selectFrom("history").selectAll().orderBy("id", "desc").limit(limit);
  if (outcome !== undefined) query = query.where("outcome", "=", outcome as HistoryEntry["outcome"]);
  if (before !== undefined) query = query.where("id", "<", before);
  if (newest)
    query = query.where("id", "in", ({ selectFrom, fn }) =>
      selectFrom("history").select(fn.max("id").as("id")).groupBy("service"),
    );
  return (await query.execute()).map((row) => ({ service: row.service, ...toHistory(row) }));
}

export async function selectHistory(
  db: Db,
  service: string,
  limit: number,
  beforeId?: string,
): Promise<HistoryEntry[]> {
  let query = db
    .tables<Tables>()
    .selectFrom("history")
    .selectAll()
    .where("service", "=", service)
    .orderBy("id", "desc")
    .limit(limit);
  if (beforeId !== undefined) query = query.where("id", "<", beforeId);
  return (await query.execute()).map(toHistory);
}
