import { type SqlBool, sql } from "kysely";
import type { Db } from "../../../kernel/db.ts";

interface Tables {
  versions: { name: string; version: number; created_at: number; archived_at: number | null };
  image_models: { digest: string; name: string; version: number };
  services: { name: string; image: string };
  record_models: { image: string; model: string };
  usage_slots: { image: string; last_at: number };
}

export interface UnusedVersion {
  model: string;
  version: number;
  registeredAt: number;
  lastUsedAt: number | null;
  services: string[];
}

interface UnusedFilter {
  /** Epoch ms: registered before it, and not used since. */
  before: number;
  deployed?: boolean | undefined;
  limit: number;
  /** Name and version of the last one of the page before. */
  after?: (string | number)[] | undefined;
}

const usageOfVersion = sql`record_models m join usage_slots u on u.image = m.image
  where m.model = versions.name || ':' || versions.version`;
const servicesOfVersion = sql`services s join image_models i on i.digest = s.image
  where i.name = versions.name and i.version = versions.version`;

/** Versions that are not archived and that no request used since, by name and version. */
export async function selectUnused(db: Db, { before, deployed, limit, after }: UnusedFilter): Promise<UnusedVersion[]> {
  let query = db
    .tables<Tables>()
    .selectFrom("versions")
    .select([
      "name as model",
      "version",
      "created_at as registeredAt",
      sql<number | null>`(select max(u.last_at) from ${usageOfVersion})`.as("lastUsedAt"),
      sql<string>`(select json_group_array(s.name) from ${servicesOfVersion})`.as("services"),
    ])
    .where("archived_at", "is", null)
    .where("created_at", "<", before)
    .where(sql<SqlBool>`not exists (select 1 from ${usageOfVersion} and u.last_at >= ${before})`)
    .orderBy("name")
    .orderBy("version")
    .limit(limit);
  if (deployed !== undefined)
    query = query.where(sql<SqlBool>`exists (select 1 from ${servicesOfVersion}) = ${deployed ? 1 : 0}`);
  if (after !== undefined) query = query.where(sql<SqlBool>`(name, version) > (${after[0]}, ${after[1]})`);
  return (await query.execute()).map((row) => ({ ...row, services: (JSON.parse(row.services) as string[]).sort() }));
}
