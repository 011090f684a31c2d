import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { createSignInLink } from "../../src/access/create-sign-in-link.ts";
import { addToken } from "../../src/access/create-token.ts";
import { authenticateSession, openSession } from "../../src/access/sessions.ts";
import type { Context } from "../../src/contract/operations.ts";
import type { Db } from "../../src/kernel/db.ts";
import { newSecret } from "../../src/kernel/ids.ts";
import { openSqlite } from "../../src/stores/db/sqlite.ts";

const hour = 3_600_000;
const day = 24 * hour;

let folder: string;
let db: Db;
let close: () => Promise<void>;
let now = Date.UTC(2025, 10, 24, 16);
const clock = { now: () => now };
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "modelyard-access-"));
  ({ db, close } = await openSqlite(join(folder, "modelyard.db")));
});
afterAll(async () => {
  await close();
  await rm(folder, { recursive: true });
});

async function newToken(lifeMs: number | null = null) {
  const token = newSecret("my");
  return addToken({ db, clock }, { role: "reader", name: "somebody", token, lifeMs, by: "test" });
}
const linkOf = async (id: string): Promise<string> => {
  const context = { actor: { id, name: "somebody", role: "reader" } } as Context;
  const { url } = await createSignInLink({ db, clock, source: () => "http://u" })({}, context);
  return url.slice("http://u/sign-in#".length);
};
const isOpen = async (secret: string) =>
  authenticateSession({ db, clock }, secret).then(
    () => true,
    () => false,
  );
const rowsOf = (table: "sessions" | "sign_in_links") =>
  db.tables<Record<typeof table, { hash: string }>>().selectFrom(table).select("hash").execute();

test("a link lives a minute", async () => {
  const { id } = await newToken();
  const [early, late] = [await linkOf(id), await linkOf(id)];
  now += 59_999;
  await openSession({ db, clock }, { code: early });
  now += 1;
  await expect(openSession({ db, clock }, { code: late })).rejects.toMatchObject({ code: "sign-in-link-used" });
});

test("a session ends after twelve hours without use", async () => {
  const { token } = await newToken();
  const { secret } = await openSession({ db, clock }, { token });
  now += 12 * hour - 1;
  expect(await isOpen(secret)).toBe(true);
  now += 12 * hour - 1;
  expect(await isOpen(secret)).toBe(true);
  now += 12 * hour;
  expect(await isOpen(secret)).toBe(false);
});

test("a session in use ends after seven days", async () => {
  const { token } = await newToken();
  const { secret } = await openSession({ db, clock }, { token });
  const begun = now;
  for (; now < begun + 7 * day; now += hour) expect(await isOpen(secret)).toBe(true);
  expect(await isOpen(secret)).toBe(false);
});

test("a session ends with its token", async () => {
  const { token } = await newToken(hour);
  const { secret } = await openSession({ db, clock }, { token });
  expect((await authenticateSession({ db, clock }, secret)).expiresAt).toBe(now + hour);
  now += hour;
  expect(await isOpen(secret)).toBe(false);
  await expect(openSession({ db, clock }, { token })).rejects.toMatchObject({ code: "unauthenticated" });
});

test("neither secrets nor what has ended is kept", async () => {
  const { id, token } = await newToken();
  const code = await linkOf(id);
  const { secret } = await openSession({ db, clock }, { token });
  for (const row of [...(await rowsOf("sessions")), ...(await rowsOf("sign_in_links"))]) {
    expect(row.hash).toMatch(/^[0-9a-f]{64}$/);
    expect([code, secret]).not.toContain(row.hash);
  }
  now += 8 * day;
  await openSession({ db, clock }, { token });
  expect([await rowsOf("sessions"), await rowsOf("sign_in_links")]).toEqual([[expect.anything()], []]);
});
