import type { RegisterPorts } from "./ports.ts";
import { isBlobUsed } from "./rows/blobs.ts";
import { isArtifact } from "./tracking/artifacts/rows.ts";
import { removeAbandonedUploads } from "./tracking/multipart/multipart.ts";

const graceMs = 24 * 3_600_000;

/**
 * Removes bytes that no version, no image, no artifact and no data set names, a day after they were uploaded or asked for, and uploads that broke
 * off and that nobody went on with for a day. Run at start and daily.
 */
export async function collectGarbage({
  db,
  blobs,
  clock,
}: Pick<RegisterPorts, "db" | "blobs" | "clock">): Promise<number> {
  await blobs.partials.removeOlderThan(clock.now() - graceMs);
  await removeAbandonedUploads({ db, blobs, clock });
  let removed = 0;
  for await (const { digest, storedAt } of blobs.list()) {
    const old = clock.now() - graceMs;
    if (storedAt >= old || (await isBlobUsed(db, digest)) || (await isArtifact(db, digest))) continue;
    if (await blobs.remove(digest, old)) removed += 1;
  }
  return removed;
}
