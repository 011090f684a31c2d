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
    for (const file of own.filter((one) => one.last_at < olderThanMs)) {
      await removeFile(ports, file, "the days that its service keeps records");
      deleted += file.records;
    }
    const young = own.filter((one) => one.last_at >= olderThanMs);
    deleted += await removeBeyond(ports, young, recordMb * 1_000_000, "over-service-limit");
  }
  return deleted + (await keepWithin(ports));
}

async function keepWithin(ports: RetainPorts): Promise<number> {
  const { db, mostBytes } = ports;
  return mostBytes === null ? 0 : removeBeyond(ports, await selectFiles(db, {}), mostBytes, "over-limit");
}

const limits = { "over-limit": "the limit of the server", "over-service-limit": "the limit of its service" };

/** Removes the oldest of files that are too many bytes together, and counts what they had: it went before its time. 0 bytes: no limit. */
async function removeBeyond(
  ports: RetainPorts,
  files: readonly RecordFile[],
  mostBytes: number,
  reason: keyof typeof limits,
): Promise<number> {
  if (mostBytes === 0) return 0;
  let [bytes, removed] = [0, 0];
  for (const file of [...files].sort((a, b) => b.last_at - a.last_at)) {
    bytes += file.bytes;
    if (bytes <= mostBytes) continue;
    await removeFile(ports, file, limits[reason], { [reason]: file.records });
    removed += file.records;
  }
  return removed;
}

/** The catalogue first: a crash in between leaves a file that nobody knows, and the next start removes it. */
async function removeFile(
  { db, files, log }: Pick<MonitorPorts, "db" | "files" | "log">,
  file: RecordFile,
  why: string,
  counted: Readonly<Record<string, number>> = {},
): Promise<void> {
  await db.transaction(async (tx) => {
    await deleteFile(tx, file.number);
    await countDrops(tx, counted);
  });
  await files.remove(file.path);
  log.info({ path: file.path, records: file.records }, `a file of records was deleted by ${why}`);
}
