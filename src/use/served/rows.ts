import type { Db } from "../../kernel/db.ts";
import { uuid7 } from "../../kernel/ids.ts";

interface Tables {
  served: {
    id: string;
    service: string;
    revision: number;
    name: string;
    version: number;
    from_at: number;
    to_at: number | null;
  };
  services: { name: string; revision: number; image: string };
  image_models: { digest: string; name: string; version: number };
}

/** A span of time in which a service answered with a version, epoch ms; `to` null: it still does. */
export interface Served {
  id: string;
  service: string;
  revision: number;
  version: number;
  from: number;
  to: number | null;
}

/** Begins the spans of what a service answers with from now on; gives the versions. */
export async function beginServing(tx: Db, service: string, at: number): Promise<{ name: string; version: number }[]> {
  const db = tx.tables<Tables>();
  const models = await db
    .selectFrom("services")
    .innerJoin("image_models", "image_models.digest", "services.image")
    .select(["image_models.name", "image_models.version", "services.revision"])
    .where("services.name", "=", service)
    .where("services.revision", ">", 0)
    .orderBy("image_models.name")
    .orderBy("image_models.version")
    .execute();
  for (const { name, version, revision } of models)
    await db
      .insertInto("served")
      .values({ id: uuid7(at), service, revision, name, version, from_at: at, to_at: null })
      .execute();
  return models.map(({ name, version }) => ({ name, version }));
}

/** Ends the open spans of a service; gives the versions. */
export async function endServing(tx: Db, service: string, at: number): Promise<{ name: string; version: number }[]> {
  return tx
    .tables<Tables>()
    .updateTable("served")
    .set({ to_at: at })
    .where("service", "=", service)
    .where("to_at", "is", null)
    .returning(["name", "version"])
    .execute();
}

/** Spans of a model, the latest beginning first. */
export async function selectServed(
  db: Db,
  filter: {
    name: string;
    version?: number | undefined;
    at?: number | undefined;
    limit: number;
    after?: (string | number)[] | undefined;
  },
): Promise<Served[]> {
  let query = db.tables<Tables>().selectFrom("served").selectAll().where("name", "=", filter.name);
  const { version, at, after } = filter;
  if (version !== undefined) query = query.where("version", "=", version);
  if (at !== undefined)
    query = query.where("from_at", "<=", at).where((eb) => eb.or([eb("to_at", "is", null), eb("to_at", ">", at)]));
  if (after !== undefined) {
    const [from = 0, id = ""] = after;
    query = query.where((eb) =>
      eb.or([eb("from_at", "<", Number(from)), eb.and([eb("from_at", "=", Number(from)), eb("id", "<", String(id))])]),
    );
  }
  const rows = await query.orderBy("from_at", "desc").orderBy("id", "desc").limit(filter.limit).execute();
  return rows.map(({ id, service, revision, version, from_at, to_at }) => ({
    id,
    service,
    revision,
    version,
    from: from_at,
    to: to_at,
  }));
}
