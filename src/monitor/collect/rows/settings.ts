import type { Db } from "../../../kernel/db.ts";

/** What a service says of the records it keeps; services of older servers say nothing. */
export interface RecordSettings {
  recordDays?: number;
  recordMb?: number;
}

export async function settingsOfServices(db: Db): Promise<Map<string, RecordSettings>> {
  const rows = await db
    .tables<{ services: { name: string; settings: string } }>()
    .selectFrom("services")
    .select(["name", "settings"])
    .execute();
  return new Map(rows.map(({ name, settings }) => [name, JSON.parse(settings) as RecordSettings]));
}
