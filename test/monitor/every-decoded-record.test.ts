import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it } from "vitest";
import { everyDecodedRecord } from "../../src/monitor/collect/every-decoded-record.ts";
import { openSqlite } from "../../src/stores/db/sqlite.ts";
import { parquetFolder } from "../../src/stores/record-files/parquet.ts";
import { keepRecords } from "../spooled.ts";

it("records are read back with what they say as columns, by the signature of their image", async () => {
  const folder = mkdtempSync(join(tmpdir(), "records-"));
  const { db, close } = await openSqlite(join(folder, "modelyard.db"));
  try {
    const manifest = { signature: { input: { kind: "rows", columns: 2, names: ["age", "income"] } } };
    await db
      .tables<{ past_images: { digest: string; manifest: string } }>()
      .insertInto("past_images")
      .values({ digest: "known", manifest: JSON.stringify(manifest) })
      .execute();
    const record = (id: string, image: string) => {
      const [body, answer] = [Buffer.from('{"data": [[1, 2]]}'), Buffer.from("[3]")];
      const sizes = {
        bodySize: body.length,
        bodyBytes: body.length,
        answerSize: answer.length,
        answerBytes: answer.length,
      };
      const types = { contentType: "application/json", answerType: "application/json", language: "azure" as const };
      const head = { id, service: "s", revision: 1, image, models: [], at: 1, durationMs: 1, status: 200, kept: true };
      return { head: { ...head, ...sizes, ...types }, body, answer };
    };
    await db.transaction((tx) => keepRecords(tx, [record("a", "known"), record("b", "forgotten")]));
    const found = [];
    for await (const { record: { id }, decoded } of everyDecodedRecord({ db, files: parquetFolder(join(folder, "records")) }, {})) found.push({ id, decoded }); // biome-ignore format: one line
    const inputs = { columns: ["age", "income"], rows: [[1, 2]] };
    expect(found).toEqual([
      { id: "a", decoded: { inputs, predictions: { columns: ["prediction"], rows: [[3]] }, reason: null } },
      { id: "b", decoded: { inputs: null, predictions: null, reason: "no-image" } },
    ]);
  } finally {
    await close();
    rmSync(folder, { recursive: true });
  }
});
