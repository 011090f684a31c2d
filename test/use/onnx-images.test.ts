import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { eventually } from "../faults/eventually.ts";
import { onnxFixtures } from "../host/engines-fixture.ts";
import { errorOf } from "../refusals.ts";
import { score } from "../scripts.ts";
import { startServer, type TestServer } from "../server.ts";

let server: TestServer;
/** Those that stood in the home before. */
let standing: string[];
beforeAll(async () => {
  server = await startServer();
  standing = environments();
});
afterAll(() => server.remove());

const truth = JSON.parse(readFileSync(join(onnxFixtures, "truth.json"), "utf8")) as {
  rows: number[][];
  words: string[];
};

async function register(name: string, file: string, bytes = readFileSync(join(onnxFixtures, file))): Promise<string> {
  const { digest, size } = await server.client.uploadBlob({}, { body: bytes });
  return (await server.client.registerModel({ name, files: [{ path: file, digest, size }] })).reference;
}
async function ask(name: string, body: unknown) {
  const { scoringUri } = await server.client.getService({ name });
  const { primary } = await server.client.getServiceKeys({ name });
  return score(scoringUri, primary, JSON.stringify(body));
}
const environments = () => readdirSync(join(server.home, "environments")).sort();

test("an image of an ONNX file needs no Python: it says so, and none is made", async () => {
  const model = await register("digits", "digits-zipmap.onnx");
  const image = await server.client.buildImage({ models: [model], requirements: "numpy==0.0.1" });
  expect(image).toMatchObject({ built: true, engine: "onnx", python: null, environment: null });
  expect(image.manifest).toMatchObject({
    engine: "onnx",
    environment: null,
    signature: { input: { kind: "rows", columns: 64, names: null } },
  });
  expect(image.log.join("\n")).toContain("the packages that are named are not installed");
  expect(environments()).toEqual(standing);
  expect((await server.client.listImages({})).items[0]).toMatchObject({ engine: "onnx", python: null });
  expect((await server.client.buildImage({ models: [model], requirements: "numpy==0.0.1" })).built).toBe(false);
});

test("a sample that its model cannot take ends the build before anything is done", async () => {
  const models = [await register("misread", "digits-zipmap.onnx")];
  const steps: string[] = [];
  const onProgress = (event: { event: string; step?: string }) => steps.push(event.step ?? event.event);
  const sample = '{"dataframe_split": {"columns": ["a"], "data": [[1]]}}';
  const error = await errorOf(server.client.buildImage({ models, sample }, { onProgress }));
  expect([error.code, error.status, steps]).toEqual(["sample-invalid", 400, []]);
});

test("a service of it answers, moves to another version, goes back, and comes back with a new server and host", async () => {
  const models = [await register("moves", "digits-float32.onnx")];
  await server.client.deployService({ name: "moves", models });
  const rows = { data: truth.rows.slice(0, 3) };
  const numbers = (await ask("moves", rows)).text;
  expect(JSON.parse(numbers)).toEqual([0, 1, 2]);
  await server.client.updateService({ name: "moves", models: [await register("moves", "digits-words.onnx")] });
  expect(JSON.parse((await ask("moves", rows)).text)).toEqual(truth.words.slice(0, 3));
  await server.client.rollBackService({ name: "moves" });
  expect((await ask("moves", rows)).text).toBe(numbers);
  server = await server.restart();
  expect((await ask("moves", rows)).text).toBe(numbers);
  const { pid } = JSON.parse(readFileSync(join(server.home, "host", "host.json"), "utf8")) as { pid: number };
  process.kill(pid, "SIGKILL");
  await eventually(60_000, async () => expect((await ask("moves", rows)).text).toBe(numbers));
  expect(environments()).toEqual(standing);
});

test.each([
  ["two-inputs.onnx", "not-supported", "takes 2 inputs (a, b)"],
  ["picture.onnx", "not-supported", "[n, 3, 8, 8]"],
  ["fails-at-run.onnx", "onnx-invalid", "indices element out of data bounds"],
])("%s is refused with the reason before anything is built", async (file, code, reason) => {
  const model = await register(file.replace(".onnx", ""), file);
  const error = await errorOf(server.client.buildImage({ models: [model] }));
  expect([error.code, error.message]).toEqual([code, expect.stringContaining(reason)]);
  expect((await server.client.listImages({ model })).items).toEqual([]);
});

test("a file that was cut is refused with what the runtime says, and the host is not touched", async () => {
  const before = readFileSync(join(server.home, "host", "host.json"), "utf8");
  const bytes = readFileSync(join(onnxFixtures, "digits-float32.onnx")).subarray(0, 2000);
  const model = await register("cut", "cut.onnx", bytes);
  const error = await errorOf(server.client.deployService({ name: "cut", models: [model] }));
  expect([error.code, error.message]).toEqual(["onnx-invalid", expect.stringContaining("protobuf parsing failed")]);
  expect(readFileSync(join(server.home, "host", "host.json"), "utf8")).toBe(before);
});
