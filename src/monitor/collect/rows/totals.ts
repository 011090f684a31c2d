import type { Db } from "../../../kernel/db.ts";

interface Tables {
  record_files: { records: number; bytes: number; first_at: number };
  record_sequence: { last: number };
}

export interface RecordTotals {
  taken: number;
  filed: number;
  files: number;
  fileBytes: number;
  oldestAt: number | null;
}

/** How many records there are, and were. */
export async function recordTotals(db: Db): Promise<RecordTotals> {
  const tables = db.tables<Tables>();
  const taken = await tables.selectFrom("record_sequence").select("last").executeTakeFirst();
  const files = await tables
    .selectFrom("record_files")
    .select((eb) => [
      eb.fn.countAll().as("files"),
      eb.fn.sum("records").as("filed"),
      eb.fn.sum("bytes").as("bytes"),
      eb.fn.min("first_at").as("oldest"),
    ])
    .executeTakeFirst();
  return {
    taken: taken?.last ?? 0,
    filed: Number(files?.filed ?? 0),
    files: Number(files?.files ?? 0),
    fileBytes: Number(files?.bytes ?? 0),
    oldestAt: files?.oldest ?? null,
  };
}
