import type { RegisterPorts } from "./ports.ts";
import { isBlobUsed } from "./rows/blobs.ts";
import { isArtifact } from "./tracking/artifacts/rows.ts";

const graceMs = 24 * 3_600_000;

/** Removes bytes that no version, no image and no artifact names, a day after they were uploaded. Run at start. */
export async function collectGarbage({
  db,
  blobs,
  clock,
}: Pick<RegisterPorts, "db" | "blobs" | "clock">): Promise<number> {
  let removed = 0;
  for await (const { digest, storedAt } of blobs.list()) {
    if (clock.now() - storedAt < graceMs || (await isBlobUsed(db, digest)) || (await isArtifact(db, digest))) continue;
    await blobs.remove(digest);
    removed += 1;
  }
  return removed;
}
