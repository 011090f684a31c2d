import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { SpooledHead } from "../../src/contract/host.ts";
import { makeLog } from "../../src/kernel/log.ts";
import type { RecordEraser } from "../../src/monitor/collect/consumer.ts";
import type { Ingest } from "../../src/monitor/collect/ingest.ts";
import { makeKeeper } from "../../src/monitor/collect/keeper.ts";
import { everyRecord } from "../../src/monitor/collect/read-records.ts";
import { type RecordFile, selectFiles } from "../../src/monitor/collect/rows/files.ts";
import type { RecordFilter, StoredRecord } from "../../src/monitor/collect/rows/records.ts";
import type { MonitorPorts, Spooled } from "../../src/monitor/ports.ts";
import { openSqlite } from "../../src/stores/db/sqlite.ts";
import { parquetFolder } from "../../src/stores/record-files/parquet.ts";
import { keepRecords } from "../spooled.ts";

export const hour = 3_600_000;
export const now = Date.parse("2026-11-26T12:00:00Z");

export interface Given extends Partial<SpooledHead> {
  text?: string;
  answered?: string;
}

/** A real database and a real folder of files, with an image that takes `age` and `size`; the clock stands at `now`. */
export async function openTiers() {
  const folder = mkdtempSync(join(tmpdir(), "tiers-"));
  const { db, close } = await openSqlite(join(folder, "modelyard.db"));
  const ports: Pick<MonitorPorts, "db" | "files"> = { db, files: parquetFolder(join(folder, "records")) };
  const manifest = { signature: { input: { kind: "rows", columns: 2, names: ["age", "size"] } }, engine: "onnx" };
  await db
    .tables<{ past_images: object }>()
    .insertInto("past_images")
    .values({ digest: "image", manifest: JSON.stringify(manifest) })
    .execute();
  await db
    .tables<{ record_models: object }>()
    .insertInto("record_models")
    .values({ image: "image", model: "shop:1" })
    .execute();
  return {
    folder,
    ports,
    keeper: (
      erasers: RecordEraser[] = [],
      mostBytes: number | null = null,
      { flush = async () => {}, catchUp = async () => {} }: Partial<Pick<Spooled, "flush"> & Ingest> = {},
    ) =>
      makeKeeper({
        ...{ ...ports, erasers, mostBytes, clock: { now: () => now }, log: makeLog("test", "silent") },
        ingest: { catchUp },
        spool: { flush, sources: async () => [], dropped: async () => ({}) },
      }),
    async record(id: string, { text = '{"data": [[1, "x"]]}', answered = "[3]", ...more }: Given = {}) {
      const [body, answer] = [Buffer.from(text), Buffer.from(answered)];
      const sizes = {
        ...{ bodySize: body.length, bodyBytes: body.length },
        ...{ answerSize: answer.length, answerBytes: answer.length },
      };
      const types = { contentType: "application/json", answerType: "application/json", language: "azure" as const };
      const head = {
        id,
        service: "shop",
        revision: 1,
        image: "image",
        models: [],
        at: now - 2 * hour,
        durationMs: 1.5,
      };
      const entry = { head: { ...head, status: 200, kept: true, ...sizes, ...types, ...more }, body, answer };
      await db.transaction((tx) => keepRecords(tx, [entry]));
    },
    /** By sequence. */
    async all(filter: RecordFilter = {}): Promise<StoredRecord[]> {
      const found: StoredRecord[] = [];
      for await (const one of everyRecord(ports, filter)) found.push(one);
      return found.sort((a, b) => a.sequence - b.sequence);
    },
    files: (): Promise<RecordFile[]> => selectFiles(db, {}),
    onDisk: () =>
      readdirSync(join(folder, "records"), { recursive: true, encoding: "utf8" }).filter((name) =>
        name.endsWith("parquet"),
      ),
    async close() {
      await close();
      rmSync(folder, { recursive: true });
    },
  };
}
export type Tiers = Awaited<ReturnType<typeof openTiers>>;

export const plain = (records: readonly StoredRecord[]) =>
  records.map(({ body, answer, ...rest }) => ({ ...rest, body: Buffer.from(body), answer: Buffer.from(answer) }));
export const ids = (records: readonly StoredRecord[]) => records.map(({ id }) => id);
