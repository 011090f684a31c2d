import type { Signature } from "../../contract/host.ts";
import type { Db } from "../../kernel/db.ts";
import { findManifest } from "../../use/image/rows.ts";
import type { RecordConsumer } from "./consumer.ts";
import { decodeEntry } from "./decode-entry.ts";
import { signatureOf } from "./signature-of.ts";
import type { SpooledEntry } from "./spooled-entries.ts";

/** A consumer that could not take a batch. */
export class ConsumerFailed extends Error {}

/** What each consumer makes of entries, in the order of the consumers. */
export function gatherEntries(
  db: Db,
  consumers: readonly RecordConsumer[],
  entries: Iterable<SpooledEntry>,
): Promise<unknown[]> {
  return consumed(async () => {
    const signatures = new Map<string, Signature | undefined>();
    const gatherings = consumers.map((consumer) => consumer.gather());
    for (const entry of entries) {
      const { image } = entry.head;
      if (!signatures.has(image)) signatures.set(image, signatureOf(image, await findManifest(db, image)));
      const decoded = decodeEntry(entry, signatures.get(image));
      for (const { add } of gatherings) add(decoded);
    }
    const gathered = [];
    for (const { finish } of gatherings) gathered.push(await finish(db));
    return gathered;
  });
}

/** Writes what was gathered. */
export async function writeGathered(
  tx: Db,
  consumers: readonly RecordConsumer[],
  gathered: readonly unknown[],
): Promise<void> {
  for (const [i, consumer] of consumers.entries()) await consumed(() => consumer.write(tx, gathered[i]));
}

async function consumed<Result>(work: () => Promise<Result>): Promise<Result> {
  try {
    return await work();
  } catch (cause) {
    if (isOfDatabase(cause)) throw cause;
    throw new ConsumerFailed("a consumer failed", { cause });
  }
}

/** Codes of SQLite for a statement that was wrong: error, too big, constraint, mismatch, range (https://www.sqlite.org/rescode.html). */
const wrongStatements = new Set([1, 18, 19, 20, 25]);

/** Whether the database itself failed: the disk is full, the file cannot be read. That is no record's doing. */
function isOfDatabase(error: unknown): boolean {
  const { errcode } = (error ?? {}) as { errcode?: unknown };
  return typeof errcode === "number" && !wrongStatements.has(errcode & 0xff);
}
