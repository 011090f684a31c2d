import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import { afterAll, describe, expect, test } from "vitest";
import { bufferSource } from "../../src/kernel/source.ts";
import { unpack } from "../../src/register/pickle/containers.ts";
import { inspectModelFile } from "../../src/register/pickle/inspect.ts";

const fixture = (name: string) => fileURLToPath(new URL(`./fixtures/${name}`, import.meta.url));
const folder = mkdtempSync(join(tmpdir(), "modelyard-pickle-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function written(data: string | Buffer): string {
  const path = join(folder, "model");
  writeFileSync(path, typeof data === "string" ? Buffer.from(data, "latin1") : data);
  return path;
}

const versions = [
  { tag: "skl17", sklearn: "1.7.2", numpyMajor: 2 },
  { tag: "skl10", sklearn: "1.0.2", numpyMajor: 1 },
];

describe.each(versions)("scikit-learn $sklearn", ({ tag, sklearn, numpyMajor }) => {
  const common = {
    kind: "pickle",
    framework: "ScikitLearn",
    frameworkVersion: sklearn,
    mainGlobals: [],
    otherModules: [],
  };
  const packages = [
    { name: "numpy", version: null },
    { name: "scikit-learn", version: sklearn },
  ];
  const pipeline = {
    ...common,
    rootClass: "sklearn.pipeline.Pipeline",
    classes: ["no", "yes"],
    methods: { predictProba: true },
  };

  test.each([0, 2, 3, 4, 5])("a logistic regression in protocol %i says what it is", async (protocol) => {
    const seen = await inspectModelFile(fixture(`${tag}-logistic-p${protocol}.pkl`));
    const rootClass = "sklearn.linear_model._logistic.LogisticRegression";
    expect(seen).toMatchObject({ ...common, rootClass, packages, numpyMajor, columns: 4, classes: [0, 1] });
    expect(seen.columnNames).toBeNull();
    expect(seen.methods.predictProba).toBe(true);
    expect(seen.error).toBeUndefined();
  });

  test.each([
    "columns-p2.pkl",
    "columns-p5.pkl",
    "columns.joblib",
    "columns-zlib.joblib",
  ])("a pipeline over named columns tells their names (%s)", async (name) => {
    const seen = await inspectModelFile(fixture(`${tag}-${name}`));
    expect(seen).toMatchObject({ ...pipeline, numpyMajor, columns: 3, columnNames: ["age", "income", "city"] });
  });

  test.each([
    "pipeline-p4.pkl",
    "pipeline.joblib",
  ])("a pipeline that starts with nothing takes the columns of its next step (%s)", async (name) => {
    expect(await inspectModelFile(fixture(`${tag}-${name}`))).toMatchObject({ ...pipeline, columns: 4 });
  });

  test.each([
    "forest-p5.pkl",
    "forest.joblib",
    "forest-gzip.joblib",
  ])("a forest is read with all its trees (%s)", async (name) => {
    const seen = await inspectModelFile(fixture(`${tag}-${name}`));
    const rootClass = "sklearn.ensemble._forest.RandomForestClassifier";
    expect(seen).toMatchObject({ ...common, rootClass, numpyMajor, columns: 4, classes: ["no", "yes"] });
    expect(seen.globals).toContain("sklearn.tree._tree.Tree");
    expect(seen.packages.map(({ name }) => name).includes("joblib")).toBe(name.endsWith("joblib"));
  });

  test("a regressor has no classes and no probabilities", async () => {
    const seen = await inspectModelFile(fixture(`${tag}-regressor-zlib.joblib`));
    expect(seen).toMatchObject({ ...common, columns: 4, classes: null, methods: { predictProba: false } });
  });

  test("a search answers as its best estimator", async () => {
    const seen = await inspectModelFile(fixture(`${tag}-search-p4.pkl`));
    expect(seen).toMatchObject({ ...common, columns: 4, classes: [false, true], methods: { predictProba: true } });
  });

  test("a class of the training script is named, and the version found below it", async () => {
    const seen = await inspectModelFile(fixture(`${tag}-wrapper-p4.pkl`));
    expect(seen).toMatchObject({ ...common, rootClass: "__main__.Wrapper", mainGlobals: ["Wrapper"], columns: null });
    expect(seen.methods.predictProba).toBeNull();
  });

  test("a dict that holds a model is told from a model", async () => {
    const seen = await inspectModelFile(fixture(`${tag}-dict-p4.pkl`));
    expect(seen).toMatchObject({ ...common, rootClass: "builtins.dict", packages, columns: null });
  });
});

describe("files that are no whole pickle", () => {
  test.each([
    ["", { offset: 0, reason: "empty" }],
    ['{"a": 1}', { offset: 0, reason: "byte 0x7b at offset 0 is no pickle opcode" }],
    [
      "ZF0x10        ",
      { offset: 0, reason: "it is compressed as joblib before 0.10 did; dump it again with a newer joblib" },
    ],
  ])("%j is refused", async (data, error) => {
    expect(await inspectModelFile(written(data))).toMatchObject({ error });
  });

  test.each(["xz", "bz2"])("%s is recognised and refused", async (name) => {
    const { error } = await inspectModelFile(fixture(`skl17-logistic-${name}.joblib`));
    expect(error?.reason).toContain("it is compressed in a way that cannot be read here");
  });

  test("a truncated pickle is refused with its offset, and what was read is kept", async () => {
    const whole = readFileSync(fixture("skl17-forest.joblib"));
    const seen = await inspectModelFile(written(whole.subarray(0, 2000)));
    expect(seen).toMatchObject({ kind: "pickle", rootClass: "sklearn.ensemble._forest.RandomForestClassifier" });
    expect(seen.error?.reason).toMatch(/^it ends in the middle of (a value|an array) \(offset \d+\)$/);
    expect(seen).toMatchObject({ framework: "ScikitLearn", error: { offset: expect.any(Number) } });
  });

  test("a truncated or damaged compressed file is refused", async () => {
    const whole = readFileSync(fixture("skl17-forest-gzip.joblib"));
    for (const length of [2, 12, 300, 1000]) {
      const { error } = await inspectModelFile(written(whole.subarray(0, length)));
      expect(error?.reason).toBe("its compressed data is damaged or ends early");
    }
    const damaged = Buffer.from(whole);
    damaged.fill(0xff, 100, 140);
    expect((await inspectModelFile(written(damaged))).error).toBeDefined();
  });

  test("of a compressed file only the beginning is unpacked", async () => {
    const { source, problem } = await unpack(bufferSource(gzipSync(Buffer.alloc(1_000_000))), 1000);
    expect([source.size, problem]).toEqual([
      1000,
      "it unpacks to more than 1000 bytes, of which only the first were read",
    ]);
  });
});

test("a plain pickle in gzip is read", async () => {
  const path = written(gzipSync(readFileSync(fixture("skl17-logistic-p4.pkl"))));
  expect(await inspectModelFile(path)).toMatchObject({ frameworkVersion: "1.7.2", classes: [0, 1] });
});

test("an ONNX model and an archive of torch.save are told by their content", async () => {
  const onnx = Buffer.from([0x08, 9, 0x12, 2, 0x73, 0x6b, 0x3a, 3, 0x12, 1, 0x67, 0x42, 2, 0x10, 17]);
  expect(await inspectModelFile(written(onnx))).toMatchObject({ kind: "onnx", framework: "Onnx" });
  const zip = Buffer.concat([Buffer.from("PK\x03\x04"), Buffer.alloc(26), Buffer.from("model/data.pkl")]);
  expect(await inspectModelFile(written(zip))).toMatchObject({ kind: "pytorch", framework: "PyTorch" });
});

test("modules of no known distribution are named and never guessed to be on PyPI", async () => {
  const seen = await inspectModelFile(written("cmycompany.features\nScaler\n(tRcPIL.Image\nImage\n0."));
  expect(seen).toMatchObject({ rootClass: "mycompany.features.Scaler", otherModules: ["mycompany"] });
  expect(seen.packages).toEqual([{ name: "pillow", version: null }]);
});

test("a file larger than the reading window is read in full, arrays unread", async () => {
  const path = join(folder, "large");
  const script = `import pickle, sys
pickle.dump({"big": bytes(50_000_000), "many": ["%d" % i for i in range(90_000)], "end": complex(1, 2)}, open(sys.argv[1], "wb"), 2)`;
  expect(spawnSync("python3", ["-c", script, path]).status).toBe(0);
  expect(await inspectModelFile(path)).toMatchObject({ kind: "pickle", rootClass: "builtins.dict", packages: [] });
  expect((await inspectModelFile(path)).globals).toContain("__builtin__.complex");
});

test("an inspection is plain JSON", async () => {
  const seen = await inspectModelFile(fixture("skl17-columns.joblib"));
  expect(JSON.parse(JSON.stringify(seen))).toEqual(seen);
});
