import { expect, test } from "vitest";
import { makeManifest, manifestDigest } from "../../src/use/image/manifest.ts";

type Model = Parameters<typeof makeManifest>[1][number];

const field = (name: string | null, shape: number[] | null = null) => ({ name, type: "double", shape });
const mlflow = { flavors: ["python_function"], sklearn: null } as unknown as Model["mlflow"];
const logged = (more: Partial<Model> = {}): Model => ({
  ...{ name: "m", version: 1, digest: "d", framework: null, files: [], reading: null, mlflow, sample: null },
  signature: { inputs: [field("b"), field("a")], outputs: null },
  ...more,
});
const python = { digest: "e", python: "3.11.7", lock: [] } as unknown as Parameters<typeof makeManifest>[2];
const made = (model: Model) => makeManifest({ models: ["m:1"] } as never, [model], python);
const numbers = { columns: 2, columnNames: null } as Model["reading"];

test("a model that MLflow logged takes columns by the names of its signature", () => {
  expect(made(logged()).signature).toEqual({
    input: { kind: "rows", columns: 2, names: ["b", "a"], types: ["double", "double"] },
  });
  expect(made(logged({ reading: numbers })).signature.input).toMatchObject({ columns: 2, names: ["b", "a"] });
  const fitted = { columns: 2, columnNames: ["x", "y"] } as Model["reading"];
  expect(made(logged({ reading: fitted })).signature.input).toMatchObject({ names: ["x", "y"] });
});

test("the parameters of a signature are told to the host, and none to an entry script", () => {
  const params = [{ name: "top", type: "long", shape: null, default: 3 }];
  const model = logged({ signature: { inputs: [], outputs: null, params } });
  expect(made(model).signature.params).toEqual([{ name: "top", type: "long", shape: null }]);
  const script = { entry: "score.py", files: [] };
  const scripted = makeManifest({ models: ["m:1"], script } as never, [model], python);
  expect(scripted.signature).toEqual({ input: { kind: "text" } });
});

test.each([
  ["was not logged by MLflow", { mlflow: null }],
  ["takes tensors", { signature: { inputs: [field("images", [-1, 28, 28])], outputs: null } }],
  ["has a column without a name", { signature: { inputs: [field("a"), field(null)], outputs: null } }],
  ["has another number of columns than its file", { reading: { columns: 3, columnNames: null } as Model["reading"] }],
])("a model that %s takes them as they come", (_, more) => {
  expect(made(logged(more)).signature.input).toMatchObject({ names: null });
});

test("zeros are its sample only where its file takes numbers without names", () => {
  expect(made(logged()).sample).toBeNull();
  expect(made(logged({ reading: numbers })).sample).toBe('{"data":[[0,0]]}');
});

test("what was kept as an example of its input is its sample, unless another is given; a few rows of it", () => {
  const kept = (input: string) => made(logged({ reading: numbers, sample: { input } })).sample;
  expect(kept('{"data":[[1.5,"x"],[null,true]]}')).toBe('{"data":[[1.5,"x"],[null,true]]}');
  expect(JSON.parse(kept(JSON.stringify({ data: new Array(50).fill([1, 2]) })) as string).data).toHaveLength(10);
  for (const other of ['{"data":[[[1],[2]]]}', '{"prompt":"hello"}', "no JSON"])
    expect(kept(other)).toBe('{"data":[[0,0]]}');
  const given = { models: ["m:1"], sample: '{"data":[[7,7]]}' };
  const model = logged({ sample: { input: '{"data":[[1,2]]}' } });
  expect(makeManifest(given as never, [model], python).sample).toBe(given.sample);
});

test("an image that was not to be compiled is another one than that of a model which could not be, so each keeps its reason", () => {
  const digestOf = (input: object) =>
    manifestDigest(makeManifest({ models: ["m:1"], ...input } as never, [logged()], python));
  expect(digestOf({ accelerate: "off" })).not.toBe(digestOf({}));
  expect(digestOf({ accelerate: "auto" })).toBe(digestOf({}));
  const script = { entry: "score.py", files: [] };
  expect(digestOf({ accelerate: "off", script })).toBe(digestOf({ script }));
});
