import { execFileSync } from "node:child_process";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { ModelyardError } from "../../src/contract/errors.ts";
import { bodyOfExample } from "../../src/register/mlmodel/read-sample.ts";
import { startServer, type TestServer } from "../server.ts";

let server: TestServer;
beforeAll(async () => {
  server = await startServer();
});
afterAll(() => server.remove());

const codeOf = (work: Promise<unknown>) =>
  work.then(
    () => "no error",
    (error: ModelyardError) => error.code,
  );
async function uploaded(path: string, bytes: string | Uint8Array) {
  return { path, ...(await server.client.uploadBlob({}, { body: Buffer.from(bytes) })) };
}
const external = (name: string, more: object = {}) =>
  server.client.registerModel({ name, files: [], source: `s3://bucket/${name}`, ...more });

test("an external version gets its files once, with what they show, and can then be deployed", async () => {
  await external("far", { tags: { team: "a" }, framework: "Custom" });
  expect(await codeOf(server.client.buildImage({ models: ["far:1"] }))).toBe("version-external");
  const file = await uploaded("model.pkl", execFileSync("cat", ["examples/digits/model.pkl"]));
  const filled = await server.client.attachFiles({ name: "far", version: 1, files: [file] });
  expect(filled).toMatchObject({
    external: false,
    files: [file],
    size: file.size,
    source: "s3://bucket/far",
    framework: "Custom",
    frameworkVersion: "1.7.2",
    tags: { team: "a" },
    signature: { inputs: [{ shape: [null, 64] }] },
    reading: { columns: 64 },
  });
  const same = await server.client.registerModel({ name: "near", files: [file] });
  expect(filled.digest).toBe(same.digest);
  expect(await server.client.getModel({ name: "far" })).toEqual(filled);
  expect(await codeOf(server.client.attachFiles({ name: "far", version: 1, files: [file] }))).toBe("version-has-files");
  const built = codeOf(server.client.buildImage({ models: ["far:1"], python: "2.7" }));
  expect(await built).not.toBe("version-external");
  const history = (await server.client.getModelHistory({ name: "far" })).items[0];
  expect(history).toMatchObject({ action: "version.files.attached", version: 1, detail: { files: 1 } });
  const { items } = await server.client.listEvents({ type: "version.files.attached" });
  expect(items.at(-1)).toMatchObject({ subject: "models/far/versions/1", data: { digest: filled.digest } });
});

test("of several who attach files at once, one does", async () => {
  await external("raced");
  const files = await Promise.all(["a", "b", "c", "d"].map((text) => uploaded("model.bin", text)));
  const codes = await Promise.all(
    files.map((file) => codeOf(server.client.attachFiles({ name: "raced", version: 1, files: [file] }))),
  );
  expect(codes.sort()).toEqual(["no error", "version-has-files", "version-has-files", "version-has-files"]);
  expect((await server.client.getModel({ name: "raced" })).files).toHaveLength(1);
});

test("files that a registration refuses are refused, and the version stays external", async () => {
  await external("strict");
  const unsafe = execFileSync("python3", [
    "-c",
    "import pickle,sys,os\nclass E:\n  def __reduce__(self): return (os.system, ('true',))\nsys.stdout.buffer.write(pickle.dumps(E()))",
  ]);
  const refused = async (file: object) =>
    codeOf(server.client.attachFiles({ name: "strict", version: 1, files: [file as never] }));
  expect(await refused(await uploaded("model.pkl", unsafe))).toBe("unsafe-pickle");
  expect(await refused(await uploaded("../model.bin", "x"))).toBe("unsafe-path");
  expect(await refused(await uploaded("model.bin", ""))).toBe("empty-file");
  expect(await refused({ path: "a", size: 1, digest: "0".repeat(64) })).toBe("blob-not-found");
  expect(await server.client.getModel({ name: "strict" })).toMatchObject({ external: true, files: [] });
  expect(
    await codeOf(server.client.attachFiles({ name: "nobody", version: 1, files: [await uploaded("a", "x")] })),
  ).toBe("model-not-found");
});

test("the run and the input example of what MLflow saved are kept", async () => {
  const mlmodel = `flavors:
  python_function: {loader_module: mlflow.sklearn}
  xgboost: {xgb_version: 2.1.0}
run_id: 0123abc
saved_input_example_info:
  artifact_path: input_example.json
  serving_input_path: serving_input_example.json
`;
  const files = [
    await uploaded("MLmodel", mlmodel),
    await uploaded("serving_input_example.json", '{"dataframe_split": {"columns": ["a", "b"], "data": [[1, 2]]}}'),
    await uploaded("model.ubj", "weights"),
  ];
  expect(await server.client.registerModel({ name: "logged", files })).toMatchObject({
    framework: "xgboost",
    lineage: { runId: "0123abc" },
    sample: { input: '{"data":[[1,2]]}' },
  });
  const said = { lineage: { runId: "mine" }, sample: { input: "mine" } };
  expect(await server.client.registerModel({ name: "logged", files, ...said })).toMatchObject(said);
});

test.each([
  ['{"inputs": [[1, 2], [3, 4]]}', '{"data":[[1,2],[3,4]]}'],
  ['{"instances": [[1]]}', '{"data":[[1]]}'],
  ["[[0.5, 1e3]]", '{"data":[[0.5,1000]]}'],
  ['{"columns": ["a"], "data": [["x"]]}', '{"data":[["x"]]}'],
  ['{"inputs": {"a": [1]}}', '{"inputs": {"a": [1]}}'],
  ['{"messages": []}', '{"messages": []}'],
  ["not JSON", null],
])("the example %s is the request body %s", (example, body) => {
  expect(bodyOfExample(example)).toBe(body);
});
