import type { MonitorPorts } from "../ports.ts";
import { removeOld } from "./remove-packed.ts";
import { countDrops } from "./rows/drops.ts";
import { deleteFile, type RecordFile, selectFiles } from "./rows/files.ts";
import { servicesOfPacks } from "./rows/packs.ts";
import { settingsOfServices } from "./rows/settings.ts";

export type RetainPorts = Pick<MonitorPorts, "db" | "files" | "clock" | "log"> & {
  /** What all files together may take; null: no limit. */
  mostBytes: number | null;
};

const dayMs = 86_400_000;
/** Of services that are gone, and of those deployed before there was a setting. */
const usualDays = 30;

/**
 * Deletes records that are older than their service keeps them (`recordDays`), and the oldest files of a service whose files take more than it may have
 * (`recordMb`), then the oldest of all that are more than the server may have. A file goes as a whole, when the newest of its records is old enough. In small steps, so that nothing else waits long. Run hourly.
 */
export async function retain(ports: RetainPorts): Promise<number> {
  const { db, clock } = ports;
  const settings = await settingsOfServices(db);
  const files = await selectFiles(db, {});
  let deleted = 0;
  for (const service of new Set([...files.map((file) => file.service), ...(await servicesOfPacks(db))])) {
    const { recordDays = usualDays, recordMb = 0 } = settings.get(service) ?? {};
    const olderThanMs = clock.now() - recordDays * dayMs;
    deleted += await removeOld(db, service, olderThanMs);
    const own = files.filter((file) => file.service === service);
    for (const file of doomed(own, olderThanMs, recordMb * 1_000_000)) {
      await removeFile(ports, file);
      deleted += file.records;
    }
  }
  return deleted + (await keepWithin(ports));
}

/** What the limit of the server takes is counted: nobody asked for it by service. */
async function keepWithin(ports: RetainPorts): Promise<number> {
  const { db, mostBytes } = ports;
  if (mostBytes === null) return 0;
  const gone = doomed(await selectFiles(db, {}), Number.NEGATIVE_INFINITY, mostBytes);
  for (const file of gone) await removeFile(ports, file, { "over-limit": file.records });
  return gone.reduce((sum, { records }) => sum + records, 0);
}

/** The files that go: the old ones, then the oldest of those that are too many bytes together. 0 bytes: no limit. */
function doomed(files: readonly RecordFile[], olderThanMs: number, mostBytes: number): RecordFile[] {
  const old = files.filter((file) => file.last_at < olderThanMs);
  const young = files.filter((file) => file.last_at >= olderThanMs).sort((a, b) => b.last_at - a.last_at);
  if (mostBytes === 0) return old;
  let bytes = 0;
  return [
    ...old,
    ...young.filter((file) => {
      bytes += file.bytes;
      return bytes > mostBytes;
    }),
  ];
}

/** The catalogue first: a crash in between leaves a file that nobody knows, and the next start removes it. */
async function removeFile(
  { db, files, log }: Pick<MonitorPorts, "db" | "files" | "log">,
  file: RecordFile,
  counted: Readonly<Record<string, number>> = {},
): Promise<void> {
  await db.transaction(async (tx) => {
    await deleteFile(tx, file.number);
    await countDrops(tx, counted);
  });
  await files.remove(file.path);
  const why = "over-limit" in counted ? "the limit of the server" : "the limits of its service";
  log.info({ path: file.path, records: file.records }, `a file of records was deleted by ${why}`);
}
