import { sql } from "kysely";
import type { Experiment, Lifecycle } from "../../../contract/tracking.ts";
import type { Db } from "../../../kernel/db.ts";
import { labelsOf } from "../labels/rows.ts";

interface Tables {
  experiments: {
    id: string;
    name: string;
    artifact_location: string;
    lifecycle: Lifecycle;
    created_at: number;
    updated_at: number;
  };
}

/** Adds an experiment under the next number; null when the name is taken. */
export async function insertExperiment(
  tx: Db,
  { name, artifactLocation, at }: { name: string; artifactLocation: string | undefined; at: number },
): Promise<string | null> {
  const db = tx.tables<Tables>();
  const { next } = await db
    .selectFrom("experiments")
    .select(sql<number>`coalesce(max(cast(id as integer)), -1) + 1`.as("next"))
    .executeTakeFirstOrThrow();
  const id = String(next);
  const inserted = await db
    .insertInto("experiments")
    .values({
      id,
      name,
      artifact_location: artifactLocation ?? `mlflow-artifacts:/${id}`,
      lifecycle: "active",
      created_at: at,
      updated_at: at,
    })
    .onConflict((conflict) => conflict.column("name").doNothing())
    .returning("id")
    .executeTakeFirst();
  return inserted?.id ?? null;
}

export async function selectExperiments(db: Db, column: "id" | "name", values: string[]): Promise<Experiment[]> {
  if (values.length === 0) return [];
  const rows = await db.tables<Tables>().selectFrom("experiments").selectAll().where(column, "in", values).execute();
  const tags = await labelsOf(
    db,
    "tracking_tags",
    rows.map(({ id }) => id),
  );
  const found = new Map(
    rows.map((row) => [
      row[column],
      {
        id: row.id,
        name: row.name,
        artifactLocation: row.artifact_location,
        lifecycle: row.lifecycle,
        createdAt: row.created_at,
        updatedAt: row.updated_at,
        tags: tags.get(row.id) ?? {},
      },
    ]),
  );
  return values.flatMap((value) => found.get(value) ?? []);
}

export async function updateExperiment(
  tx: Db,
  id: string,
  { name, lifecycle, at }: { name?: string; lifecycle?: Lifecycle; at: number },
): Promise<void> {
  await tx
    .tables<Tables>()
    .updateTable("experiments")
    .set({ updated_at: at, ...(name === undefined ? {} : { name }), ...(lifecycle === undefined ? {} : { lifecycle }) })
    .where("id", "=", id)
    .execute();
}
