import { execFile, execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { sharedEnvironment, tritonEnvironment } from "../python-environment.ts";
import { key, root, service, startTestHost, sumsRevision, type TestHost } from "./host-fixture.ts";
import { type ShopTruth, trainShop } from "./shop-model.ts";

const run = promisify(execFile);

const truthOfDigits = `
import json, pickle, sys
from sklearn.datasets import load_digits
rows = load_digits().data[:50]
model = pickle.load(open(sys.argv[1], "rb"))
print(json.dumps({"rows": rows.tolist(), "labels": model.predict(rows).tolist(), "probabilities": model.predict_proba(rows).tolist()}))
`;

const trainingOfDocuments = `
import json, pickle, sys
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
model = make_pipeline(TfidfVectorizer(), LogisticRegression()).fit(["good fine", "bad awful"] * 9, ["yes", "no"] * 9)
pickle.dump(model, open(sys.argv[1], "wb"))
print(json.dumps(None))
`;

const prelude = `
import json, sys
import numpy as np
import tritonclient.http as http
from tritonclient.utils import InferenceServerException
url, key, rows = json.load(sys.stdin)
rows = np.array(rows)
headers = {"Authorization": "Bearer " + key}
client = http.InferenceServerClient(url)
DTYPES = {"FP16": np.float16, "FP32": np.float32, "FP64": np.float64, "INT8": np.int8, "INT16": np.int16, "INT32": np.int32,
    "INT64": np.int64, "UINT8": np.uint8, "UINT16": np.uint16, "UINT32": np.uint32, "UINT64": np.uint64}
def tensor(values, datatype="FP64", name="input", **how):
    made = http.InferInput(name, list(values.shape), datatype)
    made.set_data_from_numpy(values.astype(DTYPES[datatype]) if datatype in DTYPES else values, **how)
    return made
def wanted(*names, **how):
    return [http.InferRequestedOutput(name, **how) for name in names]
def infer(inputs, model="digits", client=client, **more):
    # a copy: the client writes Content-Encoding and the length of its JSON into the headers it is given
    return client.infer(model, inputs if isinstance(inputs, list) else [inputs], headers=dict(headers), **more)
def refused(call):
    try:
        call()
    except InferenceServerException as error:
        return [error.status(), error.message()]
    return "not refused"
`;

let host: TestHost;
let triton: string;
let digits: { rows: number[][]; labels: number[]; probabilities: number[][] };
let shop: ShopTruth;

beforeAll(async () => {
  host = await startTestHost();
  const python = await sharedEnvironment();
  triton = await tritonEnvironment();
  const tell = (code: string, path: string) =>
    JSON.parse(execFileSync(python, ["-c", code, path], { encoding: "utf8" }));
  const trained = trainShop(python, host.folder);
  shop = trained.truth;
  digits = tell(truthOfDigits, join(root, "examples/digits/model.pkl"));
  const revision = sumsRevision({
    python,
    models: [{ name: "digits", version: 1, path: join(root, "examples/digits"), files: [], framework: "ScikitLearn" }],
    signature: { input: { kind: "rows", columns: 64, names: null } },
    sample: JSON.stringify({ data: [new Array(64).fill(0)] }),
  });
  const documents = mkdtempSync(join(host.folder, "documents-"));
  tell(trainingOfDocuments, join(documents, "model.pkl"));
  const ofDocuments = sumsRevision({
    python,
    models: [{ name: "documents", version: 1, path: documents, files: [], framework: "ScikitLearn" }],
    signature: { input: { kind: "rows", columns: null, names: null } },
    sample: null,
  });
  await host.serve(
    service([revision], { name: "digits", maxBodyBytes: 10_000_000 }),
    service([ofDocuments], { name: "documents" }),
    service([trained.revision], { name: "shop" }),
  );
});
afterAll(() => host.close());

/** Runs Python with a client; gives what the code leaves in `result`. */
async function python<Result>(code: string, path = ""): Promise<Result> {
  const running = run(triton, ["-c", `${prelude}\n${code}\nprint(json.dumps(result))`], { maxBuffer: 1 << 26 });
  running.child.stdin?.end(JSON.stringify([new URL(host.url).host + path, key, digits.rows]));
  return JSON.parse((await running).stdout);
}

describe("the stock client of the Open Inference Protocol", () => {
  it("finds server and models with no more than host and port", async () => {
    const found = await python<Record<string, unknown>>(`
result = {
    "live": client.is_server_live(), "ready": client.is_server_ready(),
    "models": [client.is_model_ready(*one) for one in [("digits",), ("digits", "1"), ("digits", "2"), ("nobody",)]],
    "server": client.get_server_metadata(), "digits": client.get_model_metadata("digits", headers=headers),
    "shop": client.get_model_metadata("shop", "1", headers=headers),
    "index": client.get_model_repository_index(headers=headers),
    "load": client.load_model("digits", headers=headers), "unload": refused(lambda: client.unload_model("digits", headers=headers)),
    "config": client.get_model_config("digits", headers=headers), "statistics": client.get_inference_statistics("digits", headers=headers),
    "keyless": refused(lambda: client.get_model_metadata("digits"))}`);
    expect(found).toMatchObject({
      live: true,
      ready: true,
      models: [true, true, false, false],
      server: { name: "modelyard" },
      digits: {
        versions: ["1"],
        platform: "ScikitLearn",
        inputs: [{ name: "input", datatype: "FP64", shape: [-1, 64] }],
        outputs: [
          { name: "predict", datatype: "INT64", shape: [-1] },
          { name: "predict_proba", datatype: "FP64", shape: [-1, 10] },
        ],
      },
      shop: {
        inputs: [
          { name: "colour", datatype: "BYTES", shape: [-1, 1] },
          { name: "size", datatype: "FP64", shape: [-1, 1] },
          { name: "sold", datatype: "BOOL", shape: [-1, 1] },
        ],
        outputs: [
          { name: "predict", datatype: "BYTES", shape: [-1] },
          { name: "predict_proba", datatype: "FP64", shape: [-1, 2] },
        ],
      },
      index: [
        { name: "digits", version: "1", state: "READY" },
        { name: "documents", version: "1", state: "READY" },
        { name: "shop", version: "1", state: "READY" },
      ],
      load: null,
      unload: ["403", expect.stringContaining("it takes contributor")],
      config: {
        max_batch_size: 1024,
        input: [{ name: "input", data_type: "TYPE_FP64", dims: [64] }],
        output: [
          { name: "predict", data_type: "TYPE_INT64", dims: [1], reshape: { shape: [] } },
          { name: "predict_proba", data_type: "TYPE_FP64", dims: [10] },
        ],
      },
      statistics: { model_stats: [{ name: "digits", version: "1" }] },
      keyless: ["401", expect.stringContaining("key")],
    });
  });

  it("asks a model of documents as its metadata says", async () => {
    const found = await python<unknown[]>(`
described, = client.get_model_metadata("documents", headers=headers)["inputs"]
shape = [2 if size == -1 else size for size in described["shape"]]
texts = tensor(np.array(["a fine day", "how awful"], dtype=object).reshape(shape), described["datatype"], described["name"])
result = [described, infer(texts, "documents").as_numpy("predict").astype(str).tolist()]`);
    expect(found).toEqual([{ name: "input", datatype: "BYTES", shape: [-1, 1] }, ["yes", "no"]]);
  });

  it("gets scikit-learn's own labels for arrays of every datatype, in binary and in JSON", async () => {
    const found = await python<Record<string, [number[], string]>>(`
result = {}
for datatype in DTYPES:
    for binary in (True, False):
        answer = infer(tensor(rows, datatype, binary_data=binary))
        labels = answer.as_numpy("predict")
        result[datatype + str(binary)] = [labels.tolist(), str(labels.dtype)]`);
    expect(Object.keys(found)).toHaveLength(22);
    for (const [how, labels] of Object.entries(found)) expect(labels, how).toEqual([digits.labels, "int64"]);
  });

  it("gets labels and exact probabilities in one request: binary, JSON, mixed, compressed, asynchronous", async () => {
    const found = await python<Record<string, [number[], number[][], string]>>(`
def both(answer):
    return [answer.as_numpy("predict").tolist(), answer.as_numpy("predict_proba").tolist(), answer.get_response()["id"]]
one = tensor(rows)
names = ("predict", "predict_proba")
mixed = wanted("predict", binary_data=False) + wanted("predict_proba", binary_data=True)
result = {
    "binary": both(infer(one, outputs=wanted(*names), request_id="mine")),
    "json": both(infer(one, outputs=wanted(*names, binary_data=False), request_id="mine")),
    "mixed": both(infer(one, outputs=mixed, request_id="mine")),
    "version": both(infer(one, outputs=mixed, request_id="mine", model_version="1")),
    "async": both(client.async_infer("digits", [one], headers=dict(headers), outputs=mixed, request_id="mine").get_result())}
for algorithm in ("gzip", "deflate"):
    for binary in (True, False):
        result[algorithm + str(binary)] = both(infer(tensor(rows, binary_data=binary), outputs=wanted(*names, binary_data=binary),
            request_id="mine", request_compression_algorithm=algorithm, response_compression_algorithm=algorithm))`);
    expect(Object.keys(found)).toHaveLength(9);
    for (const [how, answer] of Object.entries(found))
      expect(answer, how).toEqual([digits.labels, digits.probabilities, "mine"]);
  });

  it("sends named columns, text and truth values, and gets class labels as text", async () => {
    const found = await python<[string[], number[][]][]>(`
columns = {"sold": (np.array([True, False, False, True]), "BOOL"), "size": (np.array([1.5, 2, 3.25, 4]), "FP64"),
    "colour": (np.array(["red", "blue", "red", "green"], dtype=object), "BYTES")}
result = []
for shape in ([4], [4, 1]):
    for binary in (True, False):
        inputs = [tensor(values.reshape(shape), datatype, name, binary_data=binary) for name, (values, datatype) in columns.items()]
        answer = infer(inputs, "shop", outputs=wanted("predict", "predict_proba", binary_data=binary))
        labels = [one.decode() if isinstance(one, bytes) else one for one in answer.as_numpy("predict").tolist()]
        result.append([labels, answer.as_numpy("predict_proba").tolist()])`);
    expect(found).toHaveLength(4);
    for (const answer of found) expect(answer).toEqual([shop.labels, shop.probabilities]);
  });

  it("is told what is wrong, with the status, in words it shows", async () => {
    const found = await python<Record<string, [string, string]>>(`
one = tensor(rows)
result = {
    "width": refused(lambda: infer(tensor(rows[:, :4]))),
    "row": refused(lambda: infer(tensor(rows[0]))),
    "model": refused(lambda: infer(one, "nobody")),
    "version": refused(lambda: infer(one, model_version="7")),
    "output": refused(lambda: infer(one, outputs=wanted("label"))),
    "text": refused(lambda: infer(tensor(np.array([["a"] * 64], dtype=object), "BYTES"))),
    "inputs": refused(lambda: infer([one, tensor(rows, name="again")])),
    "columns": refused(lambda: infer(tensor(np.array([[1.0]]), name="size"), "shop")),
    "key": refused(lambda: client.infer("digits", [one]))}`);
    expect(found).toEqual({
      width: ["400", expect.stringContaining('Input "input" has the shape [50,4]; the model takes [rows, 64]')],
      row: ["400", expect.stringContaining("one row has the shape [1, 64]")],
      model: ["404", expect.stringContaining("There is no service nobody")],
      version: ["404", expect.stringContaining("has no revision 7")],
      output: ["400", expect.stringContaining('There is no output "label"')],
      text: ["400", expect.stringContaining("could not convert string to float")],
      inputs: ["400", expect.stringContaining("2 inputs came")],
      columns: ["400", expect.stringContaining('The column "colour" is missing, and 1 more')],
      key: ["401", expect.stringContaining("No valid token or key")],
    });
  });

  it("works below the path of one service, too", async () => {
    expect(
      await python(
        `result = [client.is_server_ready(), infer(tensor(rows)).as_numpy("predict").tolist(), refused(lambda: infer(tensor(rows), "shop"))[0]]`,
        "/services/digits",
      ),
    ).toEqual([true, digits.labels, "404"]);
  });
});

describe("the guide", () => {
  const guide = readFileSync(join(root, "docs/guide/request-languages.md"), "utf8");
  const snippets = (language: string) =>
    [
      ...guide
        .replaceAll("127.0.0.1:5081", new URL(host.url).host)
        .replaceAll("127.0.0.1:5082", host.grpc)
        .matchAll(new RegExp(`\`\`\`${language}\\n(.*?)\`\`\``, "gs")),
    ].map(([, code = ""]) => code);
  const env = { ...process.env, KEY: key };

  it("shows Python that runs", async () => {
    const codes = snippets("python");
    const printed = await Promise.all(codes.map(async (code) => (await run(triton, ["-c", code], { env })).stdout));
    expect(printed).toEqual([expect.stringMatching(/^\[\d \d\] \(2, 10\)\n$/), expect.stringMatching(/^\[\d \d\]\n$/)]);
  });

  it("shows commands that are answered", async () => {
    const [inference = "", mlflow = ""] = await Promise.all(
      snippets("sh").map(async (code) => (await run("sh", ["-c", code], { env })).stdout),
    );
    expect(inference).toContain('"inputs":[{"name":"colour","datatype":"BYTES","shape":[-1,1]}');
    expect(inference).toContain(
      '"outputs":[{"name":"predict","datatype":"BYTES","shape":[2],"data":["cheap","dear"]}]',
    );
    expect(mlflow).toMatch(
      /^\{"predictions": \["cheap","dear"\]\}\{"predictions": \[\[0[^\]]*\]\]\}\{"predictions": \["cheap"\]\}$/,
    );
  });
});
