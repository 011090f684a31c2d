import { existsSync, readdirSync } from "node:fs";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, expect, type TestContext, test } from "vitest";
import { sha256 } from "../../src/kernel/hash.ts";
import { makeHostControl } from "../../src/kernel/host-control.ts";
import { startServer, stopHost, type TestServer } from "../server.ts";
import { eventually } from "./eventually.ts";
import { report, times } from "./fault-mode.ts";
import { codeOf, post, script, uploaded } from "./scoring.ts";
import { mountSmallDisk, type SmallDisk } from "./small-disk.ts";
import { spawnServer } from "./spawn-server.ts";

const repetitions = times(2, 20);
const namesIn = (path: string) => (existsSync(path) ? readdirSync(path) : []);

let disk: SmallDisk | undefined;
let server: TestServer | undefined;
afterEach(async () => {
  disk?.free();
  await server?.kill("SIGTERM").catch(() => {});
  await server?.remove().catch(() => {});
  await disk?.remove();
  disk = undefined;
  server = undefined;
});

/** A server whose home is on a disk of its own. */
async function serverOnSmallDisk(context: TestContext, megabytes: number) {
  const mounted = await mountSmallDisk(megabytes);
  if (typeof mounted === "string") return context.skip(mounted);
  disk = mounted;
  server = await startServer({ home: join(mounted.path, "home") });
  return { disk, server, client: server.client };
}

async function* stream(bytes: number): AsyncGenerator<Uint8Array> {
  const chunk = Buffer.alloc(1 << 18, 7);
  for (let sent = 0; sent < bytes; sent += chunk.length) yield chunk;
}

test("a disk that fills up while a model is uploaded: 507, nothing half visible, and the next small one is taken", async (context) => {
  const { server, client } = await serverOnSmallDisk(context, 32);
  const small = (text: string) => uploaded(client, "model.bin", text);
  await client.registerModel({ name: "kept", files: [await small("before")] });
  for (let index = 1; index <= repetitions; index += 1) {
    const answer = await fetch(`${server.url}/api/v1/blobs`, {
      method: "POST",
      headers: { authorization: `Bearer ${server.token}`, "content-type": "application/octet-stream" },
      body: stream(64 << 20),
      duplex: "half",
    } as unknown as RequestInit);
    expect(answer.status).toBe(507);
    expect(((await answer.json()) as { error: { code: string } }).error.code).toBe("disk-full");
    expect(await codeOf(client.uploadBlob({}, { body: Buffer.alloc(40 << 20) }))).toBe("disk-full");
    expect(namesIn(join(server.home, "blobs", "uploads"))).toEqual([]);
    const { version } = await client.registerModel({ name: "kept", files: [await small(`after ${index}`)] });
    expect(version).toBe(index + 1);
  }
  report(`disk full: ${2 * repetitions} uploads that did not fit, each refused with 507 and nothing left`);
});

test("an upload that goes on: what does not fit is refused before it is sent, and one that fills the disk frees it again", async (context) => {
  const { disk, server, client } = await serverOnSmallDisk(context, 32);
  const bytes = Buffer.alloc(24 << 20, "model");
  const digest = sha256(bytes);
  const size = bytes.length;
  const append = (offset: number, body: AsyncIterable<Uint8Array> | Uint8Array) =>
    codeOf(client.uploadBlob({ digest, size, offset }, { body }));
  const received = async () => (await client.getUpload({ digest })).received;
  expect(await codeOf(client.uploadBlob({ digest, size: 64 << 20, offset: 0 }, { body: bytes }))).toBe("disk-full");
  // half of it comes, then others take the room: it waits where it stands
  expect(await append(0, bytes.subarray(0, size / 2))).toBe("upload-incomplete");
  disk.fill();
  expect(await append(size / 2, bytes.subarray(size / 2))).toBe("disk-full");
  expect(await received()).toBe(size / 2);
  disk.free();
  // the room goes while it is sent: the server must be able to go on, so what was here of it makes room
  async function* thenFull() {
    for (let at = size / 2; at < size; at += 1 << 20) {
      yield bytes.subarray(at, at + (1 << 20));
      if (at === size / 2 + (4 << 20)) disk.fill();
    }
  }
  expect(await append(size / 2, thenFull())).toBe("disk-full");
  expect(await received()).toBe(0);
  expect(namesIn(join(server.home, "blobs", "partial"))).toEqual([]);
  expect((await uploaded(client, "small.bin", "there is room")).size).toBe(13);
  disk.free();
  expect(await append(0, bytes)).toBe("no error");
});

/** What an upload is told on a disk that is full; the server's own files may give back a page after the disk was filled. */
async function uploadToFullDisk(disk: SmallDisk, client: TestServer["client"], index: number): Promise<string> {
  for (let attempt = 1; ; attempt += 1) {
    disk.fill();
    const code = await codeOf(uploaded(client, "other.bin", `new bytes ${index} ${attempt}`));
    if (code !== "no error" || attempt === 5) return code;
  }
}

test("a disk without a single free byte: registering is refused as disk-full and works again when there is room", async (context) => {
  const { disk, server, client } = await serverOnSmallDisk(context, 32);
  const bytes = Buffer.from("uploaded while there was room");
  const file = await uploaded(client, "model.bin", bytes);
  await client.registerModel({ name: "kept", files: [file] });
  const refusals: string[] = [];
  for (let index = 1; index <= repetitions; index += 1) {
    expect(await uploadToFullDisk(disk, client, index)).toBe("disk-full");
    // the database may still find room for a few rows in its own files
    let acknowledged = 0;
    for (let attempt = 0; attempt < 300; attempt += 1) {
      const code = await codeOf(client.registerModel({ name: "more", files: [file], description: "x".repeat(2000) }));
      if (code === "no error") acknowledged += 1;
      else refusals.push(code);
      if (code !== "no error") break;
    }
    expect(namesIn(join(server.home, "blobs", "uploads"))).toEqual([]);
    expect((await client.getModel({ name: "kept" })).digest).toBeTruthy();
    const before = (await client.listModels({ name: "more", pageSize: 1000 })).items.length;
    expect(before).toBeGreaterThanOrEqual(acknowledged);
    disk.free();
    expect(
      (await client.registerModel({ name: "more", files: [await uploaded(client, "other.bin", `room ${index}`)] }))
        .version,
    ).toBe(before + 1);
  }
  expect(new Set(refusals)).toEqual(new Set(["disk-full"]));
  server.kill("SIGKILL");
  const again = await server.restart();
  const answer = await again.client.downloadFile({ name: "kept", version: 1, path: "model.bin" });
  const chunks: Uint8Array[] = [];
  for await (const chunk of answer.body) chunks.push(chunk);
  expect(sha256(Buffer.concat(chunks))).toBe(sha256(bytes));
  await again.kill("SIGTERM");
});

test("with the disk full a service goes on answering, records are counted as dropped, a deploy is refused, and all works again with room", async (context) => {
  const { disk, server, client } = await serverOnSmallDisk(context, 128);
  const echo = await script(client, "def init(): pass\ndef run(raw): return raw\n");
  await client.registerModel({ name: "base", files: [await uploaded(client, "base.txt", "base")] });
  const { scoringUri } = await client.deployService({
    name: "echo",
    models: ["base"],
    script: echo,
    requirements: "",
    auth: "none",
  });
  const other = {
    models: ["base"],
    script: await script(client, "def init(): pass\ndef run(raw): return 1\n"),
    requirements: "",
  };
  disk.fill();
  const requests = times(200, 1000);
  for (let index = 0; index < requests; index += 1) {
    const { status, text } = await post(scoringUri, `"request ${index} ${"x".repeat(2000)}"`);
    expect([status, text.includes(`request ${index} `)]).toEqual([200, true]);
  }
  const control = makeHostControl(join(server.home, "host"));
  await control.flush();
  const { dropped } = await control.seen();
  expect(dropped["disk-full"]).toBeGreaterThan(0);
  const dropsShown = (await client.summariseUsage({})).dropped;
  expect(dropsShown).toEqual(dropped);
  const images = namesIn(join(server.home, "images"));
  expect(await codeOf(client.deployService({ name: "other", ...other }))).toBe("disk-full");
  expect(await codeOf(client.getService({ name: "other" }))).toBe("service-not-found");
  expect(namesIn(join(server.home, "images"))).toEqual(images);
  disk.free();
  report(`disk full: ${requests} requests answered, ${dropped["disk-full"]} records dropped and counted`);
  const deployed = await client.deployService({ name: "other", ...other });
  expect(deployed.state).toBe("ready");
  const { requestId } = await post(scoringUri, '"recorded again"');
  await eventually(60_000, () => client.getRecord({ id: requestId }));
});

test("a server whose log is on the full disk goes on, and logs again when there is room", async (context) => {
  const mounted = await mountSmallDisk(16);
  if (typeof mounted === "string") return context.skip(mounted);
  disk = mounted;
  const log = join(mounted.path, "server.log");
  const home = await mkdtemp(join(tmpdir(), "modelyard-"));
  const logging = spawnServer(home, { log });
  try {
    const url = await eventually(60_000, async () => {
      const { url } = JSON.parse(await readFile(join(home, "run", "server.json"), "utf8")) as { url: string };
      return url;
    });
    mounted.fill();
    const refused = async (index: number) => (await fetch(`${url}/api/v1/nothing-${index}`)).status;
    for (let index = 0; index < 200; index += 1) expect(await refused(index)).toBe(404);
    mounted.free();
    await eventually(60_000, async () => {
      expect(await refused(999)).toBe(404);
      expect(await readFile(log, "utf8")).toContain("nothing-999");
    });
  } finally {
    logging.kill();
    await logging.exit;
    await stopHost(home);
    await rm(home, { recursive: true, force: true, maxRetries: 5 });
  }
});

test("a disk that fills up while an environment is built: disk-full, and nothing of it stays", async (context) => {
  const { disk, server, client } = await serverOnSmallDisk(context, 8);
  await client.registerModel({ name: "base", files: [await uploaded(client, "base.txt", "base")] });
  const parts = {
    models: ["base"],
    script: await script(client, "def init(): pass\ndef run(raw): return 1\n"),
    requirements: "",
  };
  expect(await codeOf(client.buildImage(parts))).toBe("disk-full");
  expect(namesIn(join(server.home, "environments"))).toEqual([]);
  expect((await client.listImages({})).items).toEqual([]);
  expect(disk.path).not.toBe("");
});
