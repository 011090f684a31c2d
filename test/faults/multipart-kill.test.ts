import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, expect, test } from "vitest";
import { sha256 } from "../../src/kernel/hash.ts";
import { collectGarbage } from "../../src/register/collect-garbage.ts";
import { fsBlobStore } from "../../src/stores/blobs/fs.ts";
import { openSqlite } from "../../src/stores/db/sqlite.ts";
import { startServer, type TestServer } from "../server.ts";
import { report, times } from "./fault-mode.ts";
import { makeRandom } from "./random.ts";

const rounds = times(4, 60);
const seed = Number(process.env.MODELYARD_SEED ?? Date.now() % 1_000_000);
const random = makeRandom(seed);
const partBytes = 2 << 20;

let server: TestServer;
beforeAll(async () => {
  server = await startServer();
});
afterAll(() => server.remove());

const base = "/api/2.0/mlflow-artifacts";

/** One request; a server that goes away in the middle is status 0. */
async function ask(method: string, path: string, body?: Uint8Array<ArrayBuffer> | object) {
  try {
    const answer = await fetch(path.startsWith("http") ? path : `${server.url}${path}`, {
      method,
      headers: { authorization: `Bearer ${server.token}`, "content-type": "application/json" },
      body: body === undefined || body instanceof Uint8Array ? (body ?? null) : JSON.stringify(body),
    });
    return { status: answer.status, bytes: Buffer.from(await answer.arrayBuffer()) };
  } catch {
    return { status: 0, bytes: Buffer.alloc(0) };
  }
}

interface Upload {
  id: string;
  urls: string[];
  contents: Uint8Array<ArrayBuffer>[];
  name: string;
}

async function begin(name: string): Promise<Upload> {
  const contents = Array.from({ length: 4 }, () => random.bytes(partBytes));
  const { bytes } = await ask("POST", `${base}/mpu/create/0/run`, { path: name, num_parts: contents.length });
  const { upload_id, credentials } = JSON.parse(String(bytes)) as {
    upload_id: string;
    credentials: { url: string }[];
  };
  return { id: upload_id, urls: credentials.map(({ url }) => url), contents, name };
}

const sendParts = ({ urls, contents }: Upload) =>
  Promise.all(urls.map(async (url, index) => (await ask("PUT", url, contents[index])).status));

function complete({ id, name, contents }: Upload) {
  const parts = contents.map((bytes, index) => ({ part_number: index + 1, etag: `"${sha256(bytes)}"` }));
  return ask("POST", `${base}/mpu/complete/0/run`, { path: name, upload_id: id, parts });
}

const namesIn = (folder: string) => {
  const path = join(server.home, "blobs", folder);
  return existsSync(path) ? readdirSync(path) : [];
};
const read = ({ name }: Upload) => ask("GET", `${base}/artifacts/0/run/${name}`);

/** Kills the server at a moment of the work, and starts it again. */
async function killDuring(work: Promise<unknown>, mostMs: number): Promise<void> {
  await Promise.all([work, sleep(random.int(0, mostMs)).then(() => server.kill())]);
  server = await server.restart();
}

/** The port of a home is kept, so the URLs of parts stay good. */
test(
  `a server that is killed ${2 * rounds} times while parts arrive and while they are joined shows no half artifact, and the upload is gone on with`,
  {
    timeout: rounds * 30_000,
  },
  async () => {
    report(`multipart: seed ${seed}`);
    let acknowledged = 0;
    for (let round = 1; round <= rounds; round += 1) {
      const upload = await begin(`file-${round}.bin`);
      await killDuring(sendParts(upload), 60);
      const where = `round ${round}, seed ${seed}`;
      expect((await read(upload)).status, where).toBe(404);
      expect(namesIn("uploads"), where).toEqual([]);
      expect(await sendParts(upload), where).toEqual([200, 200, 200, 200]);
      let status = 0;
      await killDuring(
        complete(upload).then((answer) => {
          status = answer.status;
        }),
        150,
      );
      const shown = await read(upload);
      if (status === 200) acknowledged += 1;
      expect(status === 200 ? [200] : [200, 404], where).toContain(shown.status);
      if (shown.status === 200) expect(shown.bytes.equals(Buffer.concat(upload.contents)), where).toBe(true);
      expect(namesIn("uploads"), where).toEqual([]);
      expect((await complete(upload)).status, where).toBe(200);
      expect((await read(upload)).bytes.equals(Buffer.concat(upload.contents)), where).toBe(true);
    }
    report(`multipart: ${2 * rounds} kills, ${acknowledged} of ${rounds} completions were acknowledged before`);
  },
);

test("what a killed server leaves of uploads is removed after a day, and what was completed stays", async () => {
  const kept = await begin("kept.bin");
  await sendParts(kept);
  expect((await complete(kept)).status).toBe(200);
  const lost = await begin("lost.bin");
  await sendParts(lost);
  const bytes = random.bytes(partBytes);
  const partial = { digest: sha256(bytes), size: partBytes + 1, offset: 0 };
  await server.client.uploadBlob(partial, { body: bytes }).catch(() => {});
  await server.kill();
  expect([namesIn("parts").includes(lost.id), namesIn("partial").length]).toEqual([true, 1]);
  const { db, close } = await openSqlite(join(server.home, "modelyard.db"));
  const tomorrow = { now: () => Date.now() + 25 * 3_600_000 };
  await collectGarbage({ db, blobs: fsBlobStore(join(server.home, "blobs")), clock: tomorrow });
  await close();
  expect([...namesIn("parts"), ...namesIn("partial")]).toEqual([]);
  server = await server.restart();
  expect((await read(kept)).bytes.equals(Buffer.concat(kept.contents))).toBe(true);
  expect((await complete(lost)).status).toBe(404);
  const again = await begin("lost.bin");
  await sendParts(again);
  expect((await complete(again)).status).toBe(200);
  expect((await read(again)).bytes.equals(Buffer.concat(again.contents))).toBe(true);
});
