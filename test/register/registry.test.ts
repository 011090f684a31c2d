import { execFileSync } from "node:child_process";
import { readdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { makeClient } from "../../src/client/client.ts";
import { clientOf } from "../../src/doors/http/client-of.ts";
import { sha256 } from "../../src/kernel/hash.ts";
import { cli } from "../cli/run-cli.ts";
import { codeOf, errorOf } from "../refusals.ts";
import { startServer, type TestServer } from "../server.ts";

let server: TestServer;
beforeAll(async () => {
  server = await startServer();
});
afterAll(() => server.remove());

const upload = async (bytes: Uint8Array) => server.client.uploadBlob({}, { body: bytes });
async function register(name: string, bytes: Uint8Array, more: object = {}, path = "model.bin") {
  const { digest, size } = await upload(bytes);
  return server.client.registerModel({ name, files: [{ path, digest, size }], ...more });
}
const pickleOf = (expression: string) =>
  execFileSync("python3", ["-c", `import pickle,sys; sys.stdout.buffer.write(pickle.dumps(${expression}))`]);

test("concurrent registrations of one name get distinct consecutive numbers", async () => {
  const versions = await Promise.all(
    Array.from({ length: 40 }, (_, index) => register("crowd", Buffer.from(`bytes ${index % 3}`))),
  );
  expect(versions.map((entry) => entry.version).sort((a, b) => a - b)).toEqual(
    Array.from({ length: 40 }, (_, index) => index + 1),
  );
});

test("the same bytes are stored once", async () => {
  const bytes = Buffer.from("the same bytes");
  await register("once", bytes);
  await register("twice", bytes);
  const digest = sha256(bytes);
  expect(
    readdirSync(join(server.home, "blobs", "sha256", digest.slice(0, 2))).filter((name) => name === digest),
  ).toHaveLength(1);
  expect(readdirSync(join(server.home, "blobs", "uploads"))).toEqual([]);
});

test("a file comes back with identical bytes", async () => {
  const bytes = Buffer.from(Array.from({ length: 300_000 }, (_, index) => (index * 7919) % 256));
  const { version } = await register("exact", bytes);
  const answer = await server.client.downloadFile({ name: "exact", version, path: "model.bin" });
  const chunks: Uint8Array[] = [];
  for await (const chunk of answer.body) chunks.push(chunk);
  expect(sha256(Buffer.concat(chunks))).toBe(sha256(bytes));
});

test("a number is never reused after a deletion", async () => {
  await register("counted", Buffer.from("a"));
  await register("counted", Buffer.from("b"));
  await server.client.deleteModel({ name: "counted", version: 2 });
  await server.client.deleteModel({ name: "counted", version: 1 });
  expect((await register("counted", Buffer.from("c"))).version).toBe(3);
});

test("tags change and properties only grow", async () => {
  await register("tagged", Buffer.from("x"), { tags: { stage: "test" }, properties: { accuracy: "0.97" } });
  const after = await server.client.tagModel({
    name: "tagged",
    version: 1,
    tags: { stage: "live", team: "a" },
    properties: { seed: "7" },
  });
  expect(after.tags).toEqual({ stage: "live", team: "a" });
  expect(after.properties).toEqual({ accuracy: "0.97", seed: "7" });
  expect(await codeOf(server.client.tagModel({ name: "tagged", version: 1, properties: { accuracy: "1" } }))).toBe(
    "property-exists",
  );
  expect((await server.client.tagModel({ name: "tagged", version: 1, removeTags: ["team"] })).tags).toEqual({
    stage: "live",
  });
});

test("the list finds by name, tag key, tag key=value and framework, and its pages join without a gap", async () => {
  for (let index = 0; index < 7; index += 1)
    await register("paged", Buffer.from(`p${index}`), {
      tags: { kind: index % 2 === 0 ? "even" : "odd", "a=b": "c" },
      framework: "Custom",
    });
  const list = async (filter: object) =>
    (await server.client.listModels({ name: "paged", ...filter })).items.map((item) => item.version);
  expect(await list({ tag: "kind" })).toHaveLength(7);
  expect(await list({ tag: "kind=odd" })).toEqual([6, 4, 2]);
  expect(await list({ tag: ["kind=odd", "absent"] })).toEqual([]);
  expect(await list({ framework: "custom" })).toHaveLength(7);
  expect(await list({ framework: "Onnx" })).toEqual([]);
  const seen: number[] = [];
  let pageToken: string | undefined;
  do {
    const page = await server.client.listModels({
      name: "paged",
      pageSize: 3,
      ...(pageToken === undefined ? {} : { pageToken }),
    });
    seen.push(...page.items.map((item) => item.version));
    pageToken = page.nextPageToken ?? undefined;
  } while (pageToken !== undefined);
  expect(seen).toEqual([7, 6, 5, 4, 3, 2, 1]);
  expect(await codeOf(server.client.listModels({ pageToken: "garbage" }))).toBe("invalid-input");
});

test("an upload whose digest is wrong is refused and leaves nothing", async () => {
  const wrong = sha256("other bytes");
  expect(await codeOf(server.client.uploadBlob({ digest: wrong }, { body: Buffer.from("some bytes") }))).toBe(
    "digest-mismatch",
  );
  expect(await codeOf(server.client.findBlob({ digest: wrong }))).toBe("blob-not-found");
  expect(await codeOf(server.client.findBlob({ digest: sha256("some bytes") }))).toBe("blob-not-found");
});

test("an empty file, a false pickle, an unknown digest and a path that leaves the folder are refused, and no version appears", async () => {
  expect(await codeOf(register("bad", Buffer.alloc(0), {}, "model.pkl"))).toBe("empty-file");
  expect(await codeOf(register("bad", Buffer.from("not a pickle"), {}, "model.pkl"))).toBe("not-a-pickle");
  expect(await codeOf(register("bad", pickleOf("[1, 2, 3]").subarray(0, 9), {}, "model.pkl"))).toBe("not-a-pickle");
  const files = [{ path: "x", digest: sha256("never uploaded"), size: 1 }];
  expect(await codeOf(server.client.registerModel({ name: "bad", files }))).toBe("blob-not-found");
  for (const path of ["../x", "/etc/x", "a/../../x", "a//b", "a\\b", "a\nb", ".", `a/${"é".repeat(128)}`])
    expect(await codeOf(register("bad", Buffer.from("x"), {}, path)), path).toBe("unsafe-path");
  expect(await codeOf(server.client.getModel({ name: "bad" }))).toBe("model-not-found");
});

test("names may be any Unicode without the separators", async () => {
  for (const name of ["数字 模型", "модель", "a b.c", "émoji 🙂"])
    expect((await register(name, Buffer.from("x"))).reference).toBe(`${name}:1`);
  for (const name of ["a:b", "a@b", "..", "tab\t", ""])
    expect(await codeOf(register(name, Buffer.from("x"))), JSON.stringify(name)).not.toBe("no error");
});

test("a damaged blob is not handed out as whole", async () => {
  const bytes = Buffer.from("will be damaged");
  const { version } = await register("damaged", bytes);
  const digest = sha256(bytes);
  execFileSync("sh", [
    "-c",
    `chmod u+w "$0" && printf X | dd of="$0" bs=1 conv=notrunc 2>/dev/null`,
    join(server.home, "blobs", "sha256", digest.slice(0, 2), digest),
  ]);
  const read = async () => {
    const { body } = await server.client.downloadFile({ name: "damaged", version, path: "model.bin" });
    for await (const _ of body) {
      // only the end matters
    }
  };
  expect(await errorOf(read())).toMatchObject({ code: "digest-mismatch", message: expect.stringContaining(digest) });
  rmSync(join(server.home, "blobs", "sha256", digest.slice(0, 2), digest));
  expect(await codeOf(read())).toBe("blob-not-found");
});

test("bytes are kept as they come, whatever type they are said to have", async () => {
  const text = '{"weights": [1, 2]}';
  for (const type of ["application/json", "text/plain", "application/octet-stream", undefined]) {
    const headers = {
      authorization: `Bearer ${server.token}`,
      ...(type === undefined ? {} : { "content-type": type }),
    };
    const answer = await fetch(`${server.url}/api/v1/blobs`, { method: "POST", headers, body: Buffer.from(text) });
    expect(await answer.json(), type).toEqual({ digest: sha256(text), size: text.length });
  }
});

test("what was acknowledged is there after SIGKILL, and a member the operation does not know is a mistake", async () => {
  const before = await register("durable", Buffer.from("durable"), { tags: { a: "b" } });
  server = await server.restart();
  expect((await server.client.getModel({ name: "durable" })).digest).toBe(before.digest);
  const answer = await fetch(`${server.url}/api/v1/models?tagg=x`, {
    headers: { authorization: `Bearer ${server.token}` },
  });
  expect(answer.status).toBe(400);
});

test("a version tells who registered it and with which program; what a client says of that itself is not kept", async () => {
  const client = makeClient({ url: server.url, token: server.token, fetch, userAgent: "trainer/2.1  (ci)" });
  const { digest, size } = await upload(Buffer.from("from where"));
  const lineage = { gitCommit: "abc", registeredFrom: "somebody else" };
  const input = { name: "traced", files: [{ path: "model.bin", digest, size }], lineage };
  const wanted = { gitCommit: "abc", registeredFrom: "trainer/2.1 (ci)" };
  expect(await client.registerModel(input)).toMatchObject({ createdBy: "admin", lineage: wanted });
  expect((await client.getModel({ name: "traced" })).lineage).toEqual(wanted);
  const [entry] = (await client.getModelHistory({ name: "traced" })).items;
  expect(entry).toMatchObject({ action: "version.created", detail: { registeredFrom: "trainer/2.1 (ci)" } });
  const shown = await cli(["model", "show", "traced"], { MODELYARD_URL: server.url, MODELYARD_TOKEN: server.token });
  expect(shown.stdout).toMatch(/created .* by admin with trainer\/2\.1 \(ci\)\n/);
});

test("a parent is kept as the version it meant when the child was registered", async () => {
  await register("parent", Buffer.from("1"));
  await register("parent", Buffer.from("2"));
  await server.client.setAlias({ name: "parent", alias: "best", version: 1 });
  const parentOf = async (parent: string) =>
    (await register("child", Buffer.from("c"), { lineage: { parent } })).lineage.parent;
  expect(await parentOf("parent@best")).toBe("parent:1");
  expect(await parentOf("parent")).toBe("parent:2");
  await server.client.setAlias({ name: "parent", alias: "best", version: 2 });
  expect((await server.client.getModel({ name: "child", version: 1 })).lineage.parent).toBe("parent:1");
  expect(await parentOf("elsewhere:7"), "a version of another registry").toBe("elsewhere:7");
  expect(await codeOf(parentOf("parent@nobody"))).toBe("alias-not-found");
  expect(await codeOf(parentOf("elsewhere"))).toBe("model-not-found");
});

test("a signature may leave out names, shapes and outputs; sample and flavours are shown", async () => {
  const mlmodel = "flavors:\n  python_function:\n    loader_module: mlflow.sklearn\n  xgboost:\n    model_class: x\n";
  const { digest, size } = await upload(Buffer.from(mlmodel));
  await server.client.registerModel({
    name: "described",
    files: [{ path: "MLmodel", digest, size }],
    signature: { inputs: [{ type: "double" }] },
    sample: { input: '{"data":\n[[1]]}', output: "[2]" },
  });
  expect(await server.client.getModel({ name: "described" })).toMatchObject({
    flavors: ["python_function", "xgboost"],
    framework: "xgboost",
    signature: { inputs: [{ name: null, type: "double", shape: null }], outputs: null },
  });
  const shown = await cli(["model", "show", "described"], { MODELYARD_URL: server.url, MODELYARD_TOKEN: server.token });
  expect(shown.stdout).toMatch(/flavours +python_function xgboost\n/);
  expect(shown.stdout).toMatch(/sample input +\{"data": \[\[1\]\]\}\nsample output +\[2\]\n/);
});

test.each([
  [{ "user-agent": "modelyard-cli/0.1.0" }, "127.0.0.1", "modelyard-cli/0.1.0"],
  [{ "user-agent": "curl/8.5" }, "::ffff:127.0.0.1", "curl/8.5"],
  [{ "user-agent": "curl/8.5" }, "::ffff:10.0.0.7", "curl/8.5 at 10.0.0.7"],
  [{}, "fd00::7", "at fd00::7"],
  [{}, "::1", null],
  [{ "user-agent": "x".repeat(5000) }, "::1", "x".repeat(200)],
])("a program is known by what it calls itself, another machine by its address: %j at %s", (headers, ip, known) => {
  expect(clientOf({ headers, ip })).toBe(known);
});
