import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type SpooledHead, segmentName } from "../../src/contract/host.ts";
import { makeSpoolGroup } from "../../src/host/spool-entry.ts";
import { startServer, type TestServer } from "../server.ts";

const id = "0193c1a0-7b5e-7c3d-9f00-0a1b2c3d4e5f";
const traceId = "0af7651916cd43dd8448eb211c80319c";

function entry(more: Partial<SpooledHead>, answer: string): Buffer {
  const head: SpooledHead = {
    id,
    service: "shop",
    revision: 1,
    image: "0".repeat(64),
    models: [],
    at: Date.now(),
    durationMs: 2,
    status: 200,
    kept: true,
    bodySize: 2,
    answerSize: answer.length,
    bodyBytes: 2,
    answerBytes: answer.length,
    contentType: null,
    answerType: null,
    ...more,
  };
  const group = makeSpoolGroup(4096);
  group.add({ head, body: Buffer.from("[]"), answer: Buffer.from(answer) });
  return group.bytes();
}

let server: TestServer;
beforeAll(async () => {
  server = await startServer();
  const spool = join(server.home, "host", "spool");
  await mkdir(spool, { recursive: true });
  const entries = [
    entry({}, "got"),
    entry({ revision: 2, mirrored: true, status: 500 }, "left"),
    entry({ id: "named", traceId }, "named"),
  ];
  await writeFile(join(spool, segmentName(Date.now())), Buffer.concat(entries));
});
afterAll(() => server.remove());

test("a mirrored answer stands beside the client's, marked, and is no usage", async () => {
  const { items } = await server.client.listRecords({ service: "shop" });
  expect(items.map(({ id: request, revision, mirrored }) => [request, revision, mirrored])).toEqual([
    ["named", 1, false],
    [id, 2, true],
    [id, 1, false],
  ]);
  expect(await server.client.getRecord({ id })).toMatchObject({ answer: "got", mirrored: false });
  expect(await server.client.getRecord({ id, mirrored: true })).toMatchObject({ answer: "left", mirrored: true });
  const [usage, ...others] = (await server.client.summariseUsage({})).items;
  expect([usage, others]).toMatchObject([{ service: "shop", requests: 2, errors: 0 }, []]);
});

test("records are found by their trace, whether it came with the request or began with it", async () => {
  const found = async (trace: string) =>
    (await server.client.listRecords({ traceId: trace })).items.map((one) => one.id);
  expect(await found(traceId)).toEqual(["named"]);
  expect(await found(id.replaceAll("-", ""))).toEqual([id, id]);
  expect(await found("1".repeat(32))).toEqual([]);
  expect((await server.client.getRecord({ id: "named" })).traceId).toBe(traceId);
  expect((await server.client.getRecord({ id })).traceId).toBe(id.replaceAll("-", ""));
});
