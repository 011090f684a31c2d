import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { settingsSchema } from "../../src/contract/settings.ts";
import { openSqlite } from "../../src/stores/db/sqlite.ts";
import { findService, insertService } from "../../src/use/rows.ts";

interface Tables {
  services: { name: string; settings: string };
  images: Record<string, string | number>;
}

const folder = await mkdtemp(join(tmpdir(), "settings-"));
afterAll(() => rm(folder, { recursive: true, force: true }));

test("a service that was deployed before a setting was there has its default", async () => {
  const { db, close } = await openSqlite(join(folder, "modelyard.db"));
  const image = {
    digest: "0".repeat(64),
    build_key: "k",
    input: "{}",
    manifest: "{}",
    log: "",
    created_at: 1,
    created_by: "",
  };
  await db.tables<Tables>().insertInto("images").values(image).execute();
  const keys = { primary: "a", secondary: "b" };
  const settings = settingsSchema.parse({ timeoutMs: 5 });
  const service = { name: "old", wanted: "running" as const, revision: 1, image: image.digest, settings, keys };
  await db.transaction((tx) => insertService(tx, { ...service, createdAt: 1, updatedAt: 1 }));
  const text = JSON.stringify({ timeoutMs: 5, auth: "none" });
  await db.tables<Tables>().updateTable("services").set({ settings: text }).execute();
  expect((await findService(db, "old"))?.settings).toEqual(settingsSchema.parse({ timeoutMs: 5, auth: "none" }));
  await close();
});
