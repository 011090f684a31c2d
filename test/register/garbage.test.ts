import { existsSync, readdirSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { sha256 } from "../../src/kernel/hash.ts";
import { collectGarbage } from "../../src/register/collect-garbage.ts";
import { makeTracking } from "../../src/register/tracking/tracking.ts";
import { fsBlobStore } from "../../src/stores/blobs/fs.ts";
import { openSqlite } from "../../src/stores/db/sqlite.ts";
import { codeOf } from "../refusals.ts";

const hourMs = 3_600_000;

let folder: string;
let opened: Awaited<ReturnType<typeof openSqlite>>;
let hoursLater = 0;
const clock = { now: () => Date.now() + hoursLater * hourMs };
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "modelyard-garbage-"));
  opened = await openSqlite(join(folder, "modelyard.db"));
  hoursLater = 0;
});
afterEach(async () => {
  await opened.close();
  await rm(folder, { recursive: true });
});

const stored = (...path: string[]) => {
  const at = join(folder, "blobs", ...path);
  return existsSync(at) ? readdirSync(at) : [];
};
const openStore = () => {
  const blobs = fsBlobStore(join(folder, "blobs"));
  const ports = { db: opened.db, blobs, clock };
  return { blobs, ports, multipart: makeTracking(ports).multipart };
};
async function* stream(...texts: string[]) {
  for (const text of texts) yield Buffer.from(text);
}

const digest = sha256("abcdef");
const id = { owner: "somebody", digest };

test("an upload that broke off stands for a day after its last byte, and goes then", async () => {
  const { blobs, ports } = openStore();
  expect(await codeOf(blobs.partials.append(id, { offset: 0, size: 6 }, stream("abc")))).toBe("upload-incomplete");
  hoursLater = 23;
  await collectGarbage(ports);
  expect(await blobs.partials.received(id)).toBe(3);
  hoursLater = 25;
  await collectGarbage(ports);
  expect(stored("partial")).toEqual([]);
  expect(await blobs.partials.append(id, { offset: 0, size: 6 }, stream("abcdef"))).toEqual({ digest, size: 6 });
});

test("the start of a server keeps uploads that go on, and removes what is left of those that cannot", async () => {
  const { blobs } = openStore();
  await codeOf(blobs.partials.append(id, { offset: 0, size: 6 }, stream("abc")));
  let finish = () => {};
  const waiting = new Promise<void>((resolve) => {
    finish = resolve;
  });
  const plain = blobs.put(
    (async function* () {
      yield Buffer.from("half");
      await waiting;
    })(),
  );
  await expect.poll(() => stored("uploads").length).toBe(1);
  await fsBlobStore(join(folder, "blobs")).clean();
  expect(stored("uploads")).toEqual([]);
  expect(await blobs.partials.received(id)).toBe(3);
  finish();
  await plain.catch(() => {});
});

test("an upload that is written is not removed, however slow it is", async () => {
  const { blobs, ports } = openStore();
  let finish = () => {};
  const waiting = new Promise<void>((resolve) => {
    finish = resolve;
  });
  const slow = blobs.partials.append(
    id,
    { offset: 0, size: 6 },
    (async function* () {
      yield Buffer.from("abc");
      await waiting;
      yield Buffer.from("def");
    })(),
  );
  await expect.poll(() => stored("partial").length).toBe(1);
  hoursLater = 50;
  await collectGarbage(ports);
  finish();
  expect(await slow).toEqual({ digest, size: 6 });
});

test("an upload in parts that nobody touches for a day is gone with its secret and its parts; a part of it prolongs it", async () => {
  const { ports, multipart } = openStore();
  const { id: upload, secret } = await multipart.create("0/run/file", 2);
  await multipart.putPart(upload, secret, 1, stream("one"));
  hoursLater = 20;
  await collectGarbage(ports);
  await multipart.putPart(upload, secret, 1, stream("one"));
  hoursLater = 40;
  await collectGarbage(ports);
  expect(stored("parts")).toEqual([upload]);
  const kept = await multipart.putPart(upload, secret, 2, stream("two"));
  hoursLater = 65;
  const first = { number: 1, digest: sha256("one") };
  for (const work of [
    multipart.putPart(upload, secret, 1, stream("one")),
    multipart.complete(upload, "0/run/file", [first, { number: 2, digest: kept.digest }]),
    multipart.abort(upload, "0/run/file"),
  ])
    expect(await codeOf(work)).toBe("upload-not-found");
  await collectGarbage(ports);
  expect(stored("parts")).toEqual([]);
});

test("parts of no upload are removed", async () => {
  const { blobs, ports } = openStore();
  await blobs.parts.put("nobody", 1, stream("x"));
  await collectGarbage(ports);
  expect(stored("parts")).toEqual([]);
});

test("a part that was damaged on the disk is never joined", async () => {
  const { blobs, multipart } = openStore();
  const { id: upload, secret } = await multipart.create("0/run/file", 1);
  const { digest: part } = await multipart.putPart(upload, secret, 1, stream("good"));
  const path = join(folder, "blobs", "parts", upload, `1-${part}`);
  const { chmod, writeFile } = await import("node:fs/promises");
  await chmod(path, 0o600);
  await writeFile(path, "evil");
  const work = multipart.complete(upload, "0/run/file", [{ number: 1, digest: part }]);
  expect(await codeOf(work)).toBe("digest-mismatch");
  expect(await blobs.find(sha256("evil"))).toBeUndefined();
});
