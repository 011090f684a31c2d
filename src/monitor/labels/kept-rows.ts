import type { Manifest } from "../../contract/image.ts";
import { findManifest } from "../../use/image/rows.ts";
import { decodeStored } from "../collect/decode-entry.ts";
import { freshOfIds } from "../collect/fresh-records.ts";
import { mayHoldAny } from "../collect/read-records.ts";
import { pathOfFile, selectFiles } from "../collect/rows/files.ts";
import { idsInPacks } from "../collect/rows/packs.ts";
import type { MonitorPorts } from "../ports.ts";

type ReadPorts = Pick<MonitorPorts, "db" | "files">;

/** Ids in a question to the database, and of them those whose bodies are read: at most 128 KiB each. */
const idsAsked = 5000;
const bodiesAtOnce = 100;

const columns = ["id", "correlation_id", "row_number", "undecoded"];

/** Rows of a request that cannot be read as rows: any label may belong to it. */
const anyRow = Number.POSITIVE_INFINITY;

/**
 * Of these ids, those under which a request of the service is kept, in the database or in files, with how many rows it has. To know them
 * costs reading it, so that they are counted for ids with a label behind the first row alone: `wanted` has the highest row of each id.
 */
export async function keptRows(
  ports: ReadPorts,
  service: string,
  wanted: ReadonlyMap<string, number>,
): Promise<Map<string, number>> {
  const leave = await ports.files.gate.enter();
  try {
    const kept = await inDatabase(ports, service, wanted);
    await addFromFiles(ports, service, wanted, kept);
    return kept;
  } finally {
    leave();
  }
}

async function inDatabase({ db }: ReadPorts, service: string, wanted: ReadonlyMap<string, number>) {
  const kept = new Map<string, number>();
  const all = [...wanted.keys()];
  for (let start = 0; start < all.length; start += idsAsked)
    for (const id of await idsInPacks(db, service, all.slice(start, start + idsAsked))) kept.set(id, 1);
  const toRead = [...kept.keys()].filter((id) => (wanted.get(id) ?? 0) > 0);
  const manifests = new Map<string, Manifest | undefined>();
  for (let start = 0; start < toRead.length; start += bodiesAtOnce)
    for (const record of await freshOfIds(db, service, toRead.slice(start, start + bodiesAtOnce))) {
      if (!manifests.has(record.image)) manifests.set(record.image, await findManifest(db, record.image));
      const { inputs, predictions, reason } = decodeStored(record, manifests.get(record.image));
      const rows = reason === null ? Math.max(inputs?.rows.length ?? 0, predictions?.rows.length ?? 0) : anyRow;
      for (const id of [record.id, record.correlation_id]) raise(kept, wanted, id, rows);
    }
  return kept;
}

async function addFromFiles(
  { db, files }: ReadPorts,
  service: string,
  wanted: ReadonlyMap<string, number>,
  kept: Map<string, number>,
): Promise<void> {
  for (const file of await selectFiles(db, { service })) {
    const open = [...wanted].flatMap(([id, row]) => ((kept.get(id) ?? 0) > row ? [] : [id]));
    if (open.length === 0) return;
    if (!(await mayHoldAny(db, file, open))) continue;
    const path = await pathOfFile(db, file.number);
    if (path === undefined) continue;
    for await (const group of files.groups(path))
      for (const { id, correlation_id, row_number, undecoded } of await group.read(columns))
        for (const one of [id, correlation_id])
          raise(kept, wanted, one as string | null, undecoded === null ? Number(row_number) + 1 : anyRow);
  }
}

/** Of requests that share an id, the one with most rows counts. */
function raise(kept: Map<string, number>, wanted: ReadonlyMap<string, number>, id: string | null, rows: number): void {
  if (id !== null && wanted.has(id)) kept.set(id, Math.max(kept.get(id) ?? 1, rows));
}
