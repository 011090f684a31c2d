import { chmod, writeFile } from "node:fs/promises";
import { request } from "node:http";
import { connect } from "node:net";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type Client, makeClient } from "../../src/client/client.ts";
import { sha256 } from "../../src/kernel/hash.ts";
import { codeOf } from "../refusals.ts";
import { startServer, type TestServer } from "../server.ts";

let server: TestServer;
let other: Client;
beforeAll(async () => {
  server = await startServer();
  const { token } = await server.client.createToken({ role: "contributor", name: "admin" });
  other = makeClient({ url: server.url, token, fetch });
});
afterAll(() => server.remove());

let made = 0;
/** A file nobody uploaded before, of 1000 bytes unless told otherwise. */
function file(size = 1000) {
  made += 1;
  const bytes = Buffer.alloc(size, `file ${made} `);
  return { bytes, digest: sha256(bytes), size };
}
type File = ReturnType<typeof file>;

const send = ({ bytes, digest, size }: File, offset: number, end?: number, client = server.client) =>
  client.uploadBlob({ digest, size, offset }, { body: bytes.subarray(offset, end) });
const received = async ({ digest }: File, client = server.client) => (await client.getUpload({ digest })).received;

test("an upload in several requests becomes one blob, and between them the server tells how far it is", async () => {
  const sent = file();
  expect(await server.client.getUpload({ digest: sent.digest })).toMatchObject({ received: 0, complete: false });
  expect(await codeOf(send(sent, 0, 400))).toBe("upload-incomplete");
  expect(await received(sent)).toBe(400);
  expect(await codeOf(server.client.findBlob({ digest: sent.digest }))).toBe("blob-not-found");
  expect(await codeOf(send(sent, 400, 401))).toBe("upload-incomplete");
  expect(await send(sent, 401)).toEqual({ digest: sent.digest, size: 1000 });
  expect(await server.client.getUpload({ digest: sent.digest })).toMatchObject({ received: 1000, complete: true });
});

test("a wrong offset is refused with the right one, and nothing is lost or added", async () => {
  const sent = file();
  await codeOf(send(sent, 0, 400));
  for (const offset of [0, 399, 401, 1000])
    await expect(send(sent, offset)).rejects.toMatchObject({
      code: "upload-incomplete",
      message: `400 of 1000 bytes of the file ${sent.digest} are here`,
    });
  expect(await send(sent, 400)).toEqual({ digest: sent.digest, size: 1000 });
});

test("a file that is here and damaged counts as missing, and the upload mends it", async () => {
  const sent = file();
  await send(sent, 0);
  const path = join(server.home, "blobs", "sha256", sent.digest.slice(0, 2), sent.digest);
  await chmod(path, 0o600);
  await writeFile(path, "damaged");
  expect(await server.client.getUpload({ digest: sent.digest })).toMatchObject({ received: 0, complete: false });
  expect(await send(sent, 0)).toEqual({ digest: sent.digest, size: 1000 });
  expect(await server.client.getUpload({ digest: sent.digest })).toMatchObject({ received: 1000, complete: true });
});

test("an empty file, and one of which all bytes came before, are completed by a request without bytes", async () => {
  const empty = { bytes: Buffer.alloc(0), digest: sha256(""), size: 0 };
  expect(await send(empty, 0)).toEqual({ digest: empty.digest, size: 0 });
  const sent = file();
  expect(
    await codeOf(server.client.uploadBlob({ digest: sent.digest, size: 1001, offset: 0 }, { body: sent.bytes })),
  ).toBe("upload-incomplete");
  expect(await send(sent, 1000)).toEqual({ digest: sent.digest, size: 1000 });
});

test("bytes of another file are refused with their digest and cost the upload", async () => {
  const sent = file();
  await codeOf(send(sent, 0, 400));
  const wrong = { ...sent, bytes: Buffer.alloc(1000, "x") };
  expect(await codeOf(send(wrong, 400))).toBe("digest-mismatch");
  expect(await received(sent)).toBe(0);
  expect(await codeOf(server.client.findBlob({ digest: sent.digest }))).toBe("blob-not-found");
});

test("more bytes than were announced are refused and cost the upload", async () => {
  const sent = file();
  const { digest, bytes } = sent;
  expect(await codeOf(server.client.uploadBlob({ digest, size: 999, offset: 0 }, { body: bytes }))).toBe(
    "invalid-input",
  );
  expect(await received(sent)).toBe(0);
});

test("size, offset and digest go together, and an offset lies in the file", async () => {
  const { digest } = file();
  const body = Buffer.from("x");
  for (const input of [{ size: 1 }, { offset: 0 }, { digest, size: 1 }, { digest, offset: 0 }, { size: 1, offset: 0 }])
    expect(await codeOf(server.client.uploadBlob(input, { body })), JSON.stringify(input)).toBe("invalid-input");
  expect(await codeOf(server.client.uploadBlob({ digest, size: 1, offset: 2 }, { body }))).toBe("invalid-input");
  expect(await codeOf(server.client.uploadBlob({ digest, size: -1, offset: 0 }, { body }))).toBe("invalid-input");
  expect(await codeOf(server.client.uploadBlob({ digest, size: 0.5, offset: 0 }, { body }))).toBe("invalid-input");
});

test("a file that does not fit on the disk is refused before its bytes are sent, and what is here of it stays", async () => {
  const sent = file();
  await codeOf(send(sent, 0, 400));
  const { digest, bytes } = sent;
  const size = Number.MAX_SAFE_INTEGER;
  expect(await codeOf(server.client.uploadBlob({ digest, size, offset: 400 }, { body: bytes }))).toBe("disk-full");
  expect(await received(sent)).toBe(400);
});

test("nobody goes on with another token's upload, also when the tokens have one name", async () => {
  const sent = file();
  await codeOf(send({ ...sent, bytes: Buffer.alloc(1000, "poison") }, 0, 400, other));
  expect([await received(sent, other), await received(sent)]).toEqual([400, 0]);
  expect(await send(sent, 0)).toEqual({ digest: sent.digest, size: 1000 });
  expect(await server.client.findBlob({ digest: sent.digest })).toEqual({ digest: sent.digest, size: 1000 });
});

/** A request whose body begins and does not end. */
function begin({ digest, size }: File, bytes: Uint8Array) {
  const { hostname, port } = new URL(server.url);
  const sent = request({
    ...{ hostname, port, method: "POST", path: `/api/v1/blobs?digest=${digest}&size=${size}&offset=0` },
    headers: { authorization: `Bearer ${server.token}`, "content-length": size },
  });
  sent.on("error", () => {});
  sent.write(bytes);
  return sent;
}

test("bytes that arrived before a connection broke stay", async () => {
  const sent = file(3 << 20);
  const connection = begin(sent, sent.bytes.subarray(0, 2_000_000));
  await expect.poll(() => received(sent)).toBeGreaterThan(1_000_000);
  connection.destroy();
  await expect.poll(() => received(sent)).toBe(2_000_000);
  expect(await send(sent, 2_000_000)).toEqual({ digest: sent.digest, size: sent.size });
});

test("a new request takes over from a connection that is dead and that the server holds for alive", async () => {
  const sent = file(3 << 20);
  const connection = begin(sent, sent.bytes.subarray(0, 2_000_000));
  const closed = new Promise((resolve) => connection.once("close", resolve));
  await expect.poll(() => received(sent)).toBeGreaterThan(1_000_000);
  // what was not written yet of the old one is kept before the new one is asked to begin behind it
  const code = await codeOf(send(sent, await received(sent)));
  if (code === "upload-incomplete") await send(sent, await received(sent));
  await closed;
  expect(await server.client.getUpload({ digest: sent.digest })).toMatchObject({ complete: true });
});

test("two at once for one upload end with one whole blob", async () => {
  const sent = file(8 << 20);
  const patient = async () => {
    for (;;) {
      const there = await server.client.getUpload({ digest: sent.digest });
      if (there.complete) return;
      await send(sent, there.received).catch(() => sleep(20));
    }
  };
  await Promise.all([patient(), patient(), patient()]);
  expect(await server.client.findBlob({ digest: sent.digest })).toEqual({ digest: sent.digest, size: sent.size });
});

test("an upload stands where it stood after the server was killed, and is hashed from its first byte again", async () => {
  const sent = file(3 << 20);
  await codeOf(send(sent, 0, 1_234_567));
  await server.kill("SIGKILL");
  server = await server.restart();
  expect(await received(sent)).toBe(1_234_567);
  expect(await send(sent, 1_234_567)).toEqual({ digest: sent.digest, size: sent.size });
});

test("a client that goes away in the head of its request harms nobody", async () => {
  const { hostname, port } = new URL(server.url);
  const socket = connect(Number(port), hostname);
  await new Promise<void>((resolve) => socket.once("connect", () => resolve()));
  socket.write(`POST /api/v1/blobs?digest=${file().digest}&size=10&off`);
  socket.destroy();
  expect((await fetch(`${server.url}/healthz`)).status).toBe(200);
});

test("a file of a version is downloaded in ranges, as curl and browsers go on with one", async () => {
  const { bytes, digest, size } = file();
  await server.client.uploadBlob({}, { body: bytes });
  await server.client.registerModel({ name: "ranges", files: [{ path: "model.bin", digest, size }] });
  const ask = async (headers: Record<string, string>) => {
    const answer = await fetch(`${server.url}/api/v1/models/ranges/versions/1/file?path=model.bin`, {
      headers: { authorization: `Bearer ${server.token}`, ...headers },
    });
    return { status: answer.status, range: answer.headers.get("content-range"), text: await answer.text(), answer };
  };
  const whole = await ask({});
  expect([whole.status, whole.text, whole.answer.headers.get("accept-ranges")]).toEqual([200, String(bytes), "bytes"]);
  expect(await ask({ range: "bytes=990-" })).toMatchObject({
    ...{ status: 206, range: "bytes 990-999/1000", text: String(bytes.subarray(990)) },
  });
  expect(await ask({ range: "bytes=0-3" })).toMatchObject({ status: 206, text: String(bytes.subarray(0, 4)) });
  expect(await ask({ range: "bytes=1000-" })).toMatchObject({ status: 416, range: "bytes */1000" });
  expect(await ask({ "if-none-match": `"${digest}"` })).toMatchObject({ status: 304, text: "" });
});
