import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { schemaEnvironment } from "../python-environment.ts";
import { ask, key, scriptRevision, service, startTestHost, type TestHost } from "./host-fixture.ts";

const prelude = `
import numpy as np
import pandas as pd
from inference_schema.schema_decorators import input_schema, output_schema
from inference_schema.parameter_types.numpy_parameter_type import NumpyParameterType
from inference_schema.parameter_types.pandas_parameter_type import PandasParameterType
from inference_schema.parameter_types.standard_py_parameter_type import StandardPythonParameterType
def init():
    pass
`;
const sums = `${prelude}
@input_schema("data", NumpyParameterType(np.array([[1.5, 2.0, 3.0]])))
@output_schema(NumpyParameterType(np.array([1.5])))
def run(data, scale=1):
    return (data.sum(axis=1) * scale).tolist()
`;
const shop = (orient: string) => `${prelude}
@input_schema("data", PandasParameterType(pd.DataFrame({"colour": ["red"], "size": [1.5], "sold": [True]}), orient="${orient}"))
@output_schema(StandardPythonParameterType({"label": ["red"], "price": [1.5]}))
def run(data):
    return {"label": data["colour"].tolist(), "price": (data["size"] * 2).tolist(), "sold": data["sold"].tolist()}
`;
const several = `${prelude}
@input_schema("left", NumpyParameterType(np.array([[1, 2]])))
@input_schema("right", NumpyParameterType(np.array([[1.0]])))
@input_schema("word", StandardPythonParameterType("x"))
@input_schema("count", StandardPythonParameterType(1.5))
def run(left, right, word, count):
    return {"shapes": [list(left.shape), list(right.shape)], "word": word, "count": count, "kind": str(left.dtype)}
`;
const single = `${prelude}
@input_schema("count", StandardPythonParameterType(1.5))
def run(count):
    return count
`;
const stream = `${prelude}
@input_schema("data", NumpyParameterType(np.array([[1.5]])))
def run(data):
    yield 1
`;

let host: TestHost;
beforeAll(async () => {
  const python = await schemaEnvironment();
  host = await startTestHost();
  const scripts = {
    sums,
    shop: shop("records"),
    split: shop("split"),
    columns: shop("columns"),
    several,
    single,
    stream,
  };
  await host.serve(
    ...Object.entries(scripts).map(([name, code]) =>
      service([scriptRevision(host.folder, code, { python })], { name }),
    ),
    service([scriptRevision(host.folder, "def init(): pass\ndef run(data): return 1\n")], { name: "plain" }),
    service(
      [
        scriptRevision(host.folder, 'import json\ndef init(): pass\ndef run(text): return json.loads(text)["data"]\n', {
          sample: '{"data": [[1, 2.5]]}',
        }),
      ],
      { name: "signed" },
    ),
  );
}, 600_000);
afterAll(() => host.close());

const headers = { authorization: `Bearer ${key}`, "content-type": "application/json" };
const post = async (path: string, body: unknown) => {
  const reply = await ask(host.url + path, { method: "POST", headers, body: JSON.stringify(body) });
  return [reply.status, reply.json()] as [number, Record<string, unknown>];
};
const infer = async (name: string, inputs: object[], more: object = {}) => {
  const [status, body] = await post(`/v2/models/${name}/infer`, { inputs, ...more });
  return status === 200 ? body.outputs : [status, body.error];
};
const invoke = (name: string, body: object) => post(`/services/${name}/invocations`, body);
const tensor = (name: string, datatype: string, shape: number[], data: unknown) => ({ name, datatype, shape, data });

describe("a decorated script at /score", () => {
  it("takes the names of its parameters, also from a query", async () => {
    expect((await host.score('{"data": [[1, 2, 3]]}', {}, "sums")).text).toBe("[6.0]");
    const query = await ask(`${host.url}/services/sums/score?data=[[1,2,3]]&scale=2`, { headers });
    expect(query.text).toBe("[12.0]");
  });

  it("refuses another Content-Type with 415, and takes +json", async () => {
    const typed = (type: string) => host.score('{"data": [[1, 2, 3]]}', { "content-type": type }, "sums");
    const refused = await typed("text/plain");
    expect([refused.status, refused.json()]).toMatchObject([
      415,
      { message: "Expects Content-Type to be application/json", error: { code: "content-type-not-json" } },
    ]);
    expect((await typed("application/x-www-form-urlencoded")).status).toBe(415);
    expect((await typed("application/vnd.api+json; charset=utf-8")).status).toBe(200);
  });

  it.each([
    ["", "POST body is empty. Expecting a JSON dictionary."],
    ["[1]", "POST body should be a JSON dictionary."],
    ['{"rows": 1}', "A value is not provided for the 'data' parameter."],
    ['{"data": [[1]]}', "The input does not fit the schema of run(): Invalid input array"],
  ])("refuses %j with 400 and Azure ML's words", async (body, message) => {
    const reply = await host.score(body, {}, "sums");
    expect([reply.status, reply.headers["x-ms-run-function-failed"]]).toEqual([400, "False"]);
    expect((reply.json() as { message: string }).message).toContain(message);
  });

  it("is described with its schemas and examples in every version that can say them", async () => {
    const described = async (name: string, query: string) =>
      (await host.get(`/services/${name}/swagger.json${query}`, headers)).json() as Record<string, unknown>;
    const input = {
      required: ["data"], // `scale` has a default
      properties: { data: { type: "array", format: "numpy.ndarray" } },
      example: { data: [[1.5, 2, 3]] },
    };
    expect(await described("sums", "")).toMatchObject({
      definitions: { ServiceInput: input, ServiceOutput: { example: [1.5] } },
    });
    expect(await described("sums", "?version=3.1")).toMatchObject({ components: { schemas: { ServiceInput: input } } });
  });
});

describe("a decorated script in the Open Inference Protocol", () => {
  it("takes one tensor of any name for its one parameter, and parameters by name", async () => {
    const wanted = [{ name: "predict", datatype: "FP64", shape: [2], data: [6, 15] }];
    expect(await infer("sums", [tensor("x", "FP64", [2, 3], [1, 2, 3, 4, 5, 6])])).toEqual(wanted);
    const scaled = [tensor("data", "INT32", [1, 3], [[1, 2, 3]]), tensor("scale", "INT64", [1], [2])];
    expect(await infer("sums", scaled)).toMatchObject([{ data: [12] }]);
  });

  it.each(["shop", "split", "columns"])("makes a frame of columns or of rows: %s", async (name) => {
    const columns = [
      tensor("sold", "BOOL", [2, 1], [true, false]),
      tensor("colour", "BYTES", [2], ["red", 'a "b"']),
      tensor("size", "FP64", [2, 1], [1.5, 4]),
    ];
    expect(await infer(name, columns)).toEqual([
      { name: "label", datatype: "BYTES", shape: [2], data: ["red", 'a "b"'] },
      { name: "price", datatype: "FP64", shape: [2], data: [3, 8] },
      { name: "sold", datatype: "BOOL", shape: [2], data: [true, false] },
    ]);
    expect(await infer(name, columns, { outputs: [{ name: "price" }] })).toMatchObject([
      { name: "price", data: [3, 8] },
    ]);
  });

  it("gives each of several parameters its tensor, as what its schema says", async () => {
    const inputs = [
      tensor("left", "INT64", [1, 2], [1, 2]),
      tensor("right", "FP32", [3, 1], [1, 2, 3]),
      tensor("word", "BYTES", [1], ["a"]),
      tensor("count", "FP64", [1], [2]),
    ];
    expect(await infer("several", inputs)).toMatchObject([
      { name: "shapes", data: [1, 2, 3, 1] },
      { name: "word", datatype: "BYTES", data: ["a"] },
      { name: "count", datatype: "FP64", data: [2] },
      { name: "kind", data: ["int64"] },
    ]);
  });

  it("says what is wrong with 400", async () => {
    expect(await infer("sums", [tensor("x", "FP64", [1, 2], [1, 2])])).toMatchObject([
      400,
      expect.stringContaining("schema of run()"),
    ]);
    expect(await infer("shop", [tensor("hue", "BYTES", [1], ["a"]), tensor("size", "FP64", [1], [1])])).toMatchObject([
      400,
      expect.stringContaining('no input "hue"; the entry script takes ["colour","size","sold"]'),
    ]);
    expect(await infer("several", [tensor("x", "FP64", [1], [1])])).toMatchObject([
      400,
      expect.stringContaining("not one list of rows"),
    ]);
    const asked = { outputs: [{ name: "other" }] };
    expect(await infer("sums", [tensor("x", "FP64", [1, 3], [1, 2, 3])], asked)).toMatchObject([
      400,
      expect.stringContaining('no output "other"'),
    ]);
    expect(await infer("stream", [tensor("x", "FP64", [1, 1], [1])])).toMatchObject([
      400,
      expect.stringContaining("with a stream"),
    ]);
  });

  it("says where to send one value, which no table holds", async () => {
    const message =
      'The parameter "count" of the entry script is no table. Send {"count": …} to /services/single/score.';
    for (const body of [{ instances: [[1.5]] }, { inputs: 1.5 }])
      expect(await invoke("single", body)).toMatchObject([400, { message }]);
  });

  it("is described by its schemas", async () => {
    const metadata = async (name: string) => (await host.get(`/v2/models/${name}`, headers)).json();
    expect(await metadata("sums")).toMatchObject({
      inputs: [{ name: "data", datatype: "FP64", shape: [-1, 3] }],
      outputs: [{ name: "predict", datatype: "FP64", shape: [-1] }],
    });
    expect(await metadata("shop")).toMatchObject({
      inputs: [
        { name: "colour", datatype: "BYTES", shape: [-1, 1] },
        { name: "size", datatype: "FP64" },
        { name: "sold", datatype: "BOOL" },
      ],
      outputs: [
        { name: "label", datatype: "BYTES" },
        { name: "price", datatype: "FP64" },
      ],
    });
    expect(await metadata("several")).toMatchObject({
      inputs: [{ shape: [-1, 2] }, {}, { name: "word", shape: [1] }, {}],
    });
  });
});

describe("a decorated script in MLflow's language", () => {
  it("takes rows, records and columns", async () => {
    expect(await invoke("sums", { instances: [[1, 2, 3]] })).toEqual([200, { predictions: [6] }]);
    const records = [{ size: 1.5, sold: true, colour: "red" }];
    for (const name of ["shop", "split", "columns"])
      expect(await invoke(name, { dataframe_records: records })).toMatchObject([
        200,
        { predictions: { label: ["red"], price: [3] } },
      ]);
    const split = { columns: ["colour", "sold", "size"], data: [["a", false, null]] };
    expect(await invoke("shop", { dataframe_split: split })).toMatchObject([200, { predictions: { price: [null] } }]);
  });

  it("says what is wrong with 400", async () => {
    expect(await invoke("sums", { instances: [[1]] })).toMatchObject([400, { error_code: "INVALID_PARAMETER_VALUE" }]);
    expect((await invoke("several", { instances: [[1]] }))[0]).toBe(400);
    expect((await invoke("stream", { instances: [[1]] }))[0]).toBe(400);
  });
});

describe("an undecorated script", () => {
  it("is described by its sample", async () => {
    const { inputs } = (await host.get("/v2/models/signed", headers)).json() as { inputs: unknown };
    expect(inputs).toEqual([{ name: "data", datatype: "FP64", shape: [-1, 2] }]);
  });

  it("without a sample says that it is asked at /score", async () => {
    const fix = expect.stringContaining("/services/plain/score; or describe it with @input_schema");
    expect(await infer("plain", [tensor("x", "FP64", [1, 1], [1])])).toMatchObject([400, fix]);
    expect(await invoke("plain", { instances: [[1]] })).toMatchObject([400, { message: fix }]);
  });

  it("with a sample gets bodies of its form", async () => {
    expect(await infer("signed", [tensor("x", "FP64", [2, 2], [1, 2, 3, 4])])).toMatchObject([
      { shape: [2, 2], data: [1, 2, 3, 4] },
    ]);
    expect(await invoke("signed", { inputs: [[1.5, 2]] })).toEqual([200, { predictions: [[1.5, 2]] }]);
  });
});

it("a file swagger.json beside the script stands for what would be made", async () => {
  const revision = scriptRevision(host.folder, "def init(): pass\ndef run(data): return 1\n");
  writeFileSync(join(revision.script?.folder ?? "", "swagger.json"), '{"swagger": "2.0", "own": true}');
  const other = await startTestHost();
  try {
    await other.serve(service([revision]));
    const get = async (query: string) => (await other.get(`/services/shop/swagger.json${query}`, headers)).json();
    expect(await get("")).toEqual({ swagger: "2.0", own: true });
    expect(await get("?version=3")).toMatchObject({ openapi: "3.0.3" });
  } finally {
    await other.close();
  }
});
