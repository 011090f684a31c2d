import { deflateSync, gzipSync } from "node:zlib";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { sha256 } from "../../src/kernel/hash.ts";
import {
  ask,
  key,
  pickledModel,
  type Reply,
  recordsOf,
  scriptRevision,
  service,
  startTestHost,
  sumsRevision,
  type TestHost,
} from "./host-fixture.ts";
import { documents, labels, mirror } from "./toy-models.ts";

const script = "def init():\n    pass\ndef run(raw_data):\n    return raw_data\n";

let host: TestHost;
const authorization = `Bearer ${key}`;

beforeAll(async () => {
  host = await startTestHost();
  const names = ["a", "b"];
  const signature = { input: { kind: "rows" as const, columns: null, names: null } };
  const ofDocuments = { models: [pickledModel(host.folder, documents)], signature };
  const ofTexts = { models: [pickledModel(host.folder, mirror)], signature };
  const registered = { ...pickledModel(host.folder, labels), framework: "ScikitLearn" };
  await host.serve(
    service([sumsRevision(), sumsRevision({ number: 2, share: 0, image: "image-candidate" })], { name: "sums" }),
    service([sumsRevision({ models: [pickledModel(host.folder, labels)] })], { name: "labels" }),
    service(
      [
        sumsRevision({
          models: [pickledModel(host.folder, mirror)],
          signature: { input: { kind: "rows", columns: 2, names, types: ["any", "long"] } },
          sample: '{"data": [["red", 1]]}',
        }),
      ],
      { name: "mirror" },
    ),
    service([sumsRevision({ ...ofDocuments, sample: null })], { name: "documents" }),
    service([sumsRevision({ ...ofTexts, sample: '{"data": ["good"]}' })], { name: "texts" }),
    service([scriptRevision(host.folder, script, { models: [registered] })], { name: "script" }),
    service([sumsRevision({ sample: null })], { name: "theirs", keyDigests: [sha256("their-key")] }),
    service([], { name: "empty" }),
  );
});
afterAll(() => host.close());

const get = (path: string, headers: Record<string, string> = { authorization }) => host.get(path, headers);
const post = (path: string, body: string | Uint8Array | object = "", headers: Record<string, string> = {}) =>
  ask(host.url + path, {
    method: "POST",
    body: typeof body === "string" || body instanceof Uint8Array ? (body as string) : JSON.stringify(body),
    headers: { authorization, ...headers },
  });
const input = (data: unknown, shape: number[], more: object = {}) => ({
  name: "x",
  datatype: "FP64",
  shape,
  data,
  ...more,
});
const rows = { inputs: [input([1, 2, 3], [1, 3])] };
const errorOf = (reply: Reply) => (reply.json() as { error: string }).error;

describe("health", () => {
  it("is told without a key, as status alone", async () => {
    for (const path of [
      "/v2/health/live",
      "/v2/health/ready",
      "/v2/models/sums/ready",
      "/v2/models/sums/versions/1/ready",
      "/services/sums/v2/health/live",
      "/services/sums/v2/health/ready",
      "/services/sums/v2/models/sums/ready",
    ])
      expect(await get(path, {}), path).toMatchObject({ status: 200, text: "" });
    expect((await get("/v2/models/empty/ready", {})).status).toBe(503);
    expect((await get("/services/empty/v2/health/ready", {})).status).toBe(503);
    for (const path of ["/v2/models/nobody/ready", "/services/nobody/v2/health/live", "/services/nobody/v2"])
      expect((await get(path, {})).status, path).toBe(404);
    expect((await get("/v2/models/sums/versions/9/ready", {})).status).toBe(404);
  });
});

describe("metadata", () => {
  it("of the server needs no key, of a model it does", async () => {
    const server = {
      name: "modelyard",
      version: "0.0.0",
      extensions: ["binary_tensor_data", "model_configuration", "model_repository", "statistics"],
    };
    expect((await get("/v2", {})).json()).toEqual(server);
    expect((await get("/services/sums/v2/", {})).json()).toEqual(server);
    const refused = await get("/v2/models/sums", {});
    expect([refused.status, errorOf(refused)]).toEqual([401, expect.stringContaining("Authorization: Bearer")]);
  });

  it("names inputs by the signature and outputs by what the model answers to its sample", async () => {
    expect((await get("/v2/models/sums")).json()).toEqual({
      name: "sums",
      versions: ["1", "2"],
      platform: "python",
      inputs: [{ name: "input", datatype: "FP64", shape: [-1, 3] }],
      outputs: [{ name: "predict", datatype: "FP64", shape: [-1] }],
    });
    expect((await get("/services/labels/v2/models/labels/versions/1")).json()).toMatchObject({
      outputs: [
        { name: "predict", datatype: "BYTES", shape: [-1] },
        { name: "predict_proba", datatype: "FP64", shape: [-1, 2] },
      ],
    });
    expect((await get("/v2/models/mirror")).json()).toMatchObject({
      inputs: [
        { name: "a", datatype: "BYTES", shape: [-1, 1] },
        { name: "b", datatype: "INT64", shape: [-1, 1] },
      ],
    });
    expect((await get("/v2/models/script")).json()).toMatchObject({ platform: "python", inputs: [], outputs: [] });
    expect((await get("/v2/models/empty")).status).toBe(503);
  });
});

describe("a model of texts", () => {
  it.each(["documents", "texts"])("is asked as its metadata says: %s", async (name) => {
    const described = (await get(`/v2/models/${name}`)).json() as { inputs: { datatype: string; shape: number[] }[] };
    expect(described.inputs).toEqual([{ name: "input", datatype: "BYTES", shape: [-1, 1] }]);
    const inputs = described.inputs.map((one) => ({ ...one, shape: [2, 1], data: ["good", "awful"] }));
    expect((await post(`/v2/models/${name}/infer`, { inputs })).status).toBe(200);
    expect((await get(`/v2/models/${name}/config`)).json()).toMatchObject({
      input: [{ data_type: "TYPE_STRING", dims: [1] }],
    });
  });

  it("says in every language what its rows are", async () => {
    const told = async (path: string, body: object) => {
      const reply = await post(path, body, { "content-type": "application/json" });
      expect([reply.status, reply.text], path).toEqual([400, expect.stringContaining("Row 1 is not one text")]);
      return reply.text;
    };
    const example = expect.stringContaining('{\\"data\\": [\\"a text\\", \\"another\\"]} to `/score`');
    expect(await told("/services/documents/score", { data: [[1, 2]] })).toEqual(example);
    expect(await told("/services/documents/invocations", { inputs: [[1]] })).toEqual(example);
    for (const data of [[1, 2], "good", ["good", ["bad"]], [{ text: "good" }]]) {
      const reply = await post("/services/documents/score", { data }, { "content-type": "application/json" });
      expect([reply.status, reply.text], reply.text).toEqual([400, example]);
    }
    const refused = await told("/v2/models/documents/infer", rows);
    expect(refused).toContain("a BYTES tensor of shape [2, 1]");
    expect(refused).not.toContain("GET /v2/models");
  });

  it("is not told that its texts are wrong when a method is asked for that it has not", async () => {
    const type = { "content-type": "application/json" };
    const texts = ["good", "awful"];
    const tensors = { inputs: [{ name: "input", datatype: "BYTES", shape: [2, 1], data: texts }] };
    const replies = [
      await post("/services/documents/score", { data: texts, method: "predict_proba" }, type),
      await post("/services/documents/invocations", { inputs: texts, params: { method: "predict_proba" } }, type),
      await post("/v2/models/documents/infer", { ...tensors, outputs: [{ name: "predict_proba" }] }, type),
    ];
    for (const { status, text } of replies) {
      expect([status, text]).toEqual([400, expect.stringContaining("this model has no predict_proba")]);
      expect(text).toContain("Ask for `predict`");
      expect(text).not.toContain("one text for each row");
    }
    const unknown = [
      await post("/services/documents/score", { data: texts, method: "fit" }, type),
      await post("/services/documents/invocations", { inputs: texts, params: { method: "fit" } }, type),
      await post("/services/documents/invocations", { inputs: texts, params: 5 }, type),
    ];
    for (const { status, text } of unknown)
      expect([status, text]).toEqual([400, expect.not.stringContaining("one text for each row")]);
  });
});

describe("infer", () => {
  it.each([
    ["/v2/models/sums/infer", "1"],
    ["/v2/models/sums/versions/2/infer", "2"],
    ["/services/sums/v2/models/sums/infer", "1"],
  ])("answers at %s", async (path, version) => {
    const reply = await post(path, { id: "mine", ...rows });
    expect(reply.text).toBe(
      `{"id":"mine","model_name":"sums","model_version":"${version}","outputs":[{"name":"predict","datatype":"FP64","shape":[1],"data":[6.0]}]}`,
    );
    expect(reply.headers["x-request-id"]).toBeDefined();
  });

  it("gives each of many that wait together their own answer, under the id of the request", async () => {
    const replies = await Promise.all(
      Array.from({ length: 100 }, (_, index) =>
        post("/v2/models/sums/infer", { inputs: [input([index, 0, 1], [1, 3])] }, { "x-request-id": `r-${index}` }),
      ),
    );
    expect(replies.map((reply) => reply.json())).toMatchObject(
      replies.map((_, index) => ({ id: `r-${index}`, outputs: [{ data: [index + 1] }] })),
    );
  });

  it("takes and gives binary tensors", async () => {
    const head = {
      inputs: [{ name: "x", datatype: "FP32", shape: [2, 3], parameters: { binary_data_size: 24 } }],
      outputs: [{ name: "predict", parameters: { binary_data: true } }, { name: "predict_proba" }],
    };
    const json = Buffer.from(JSON.stringify(head));
    const body = Buffer.concat([json, Buffer.from(Float32Array.of(1, 2, 3, -4, 0, 0).buffer)]);
    const response = await fetch(`${host.url}/v2/models/labels/infer`, {
      method: "POST",
      body,
      headers: { authorization, "inference-header-content-length": String(json.length) },
    });
    const answer = Buffer.from(await response.arrayBuffer());
    const length = Number(response.headers.get("inference-header-content-length"));
    expect(JSON.parse(answer.subarray(0, length).toString())).toMatchObject({
      outputs: [
        { name: "predict", datatype: "BYTES", shape: [2], parameters: { binary_data_size: 17 } },
        { name: "predict_proba", datatype: "FP64", shape: [2, 2], data: [0.25, 0.75, 1, 0] },
      ],
    });
    expect(answer.subarray(length).toString("latin1")).toBe("\x04\0\0\0plus\x05\0\0\0minus");
    expect(response.headers.get("content-type")).toBe("application/octet-stream");
  });

  it("takes named columns as inputs, text too", async () => {
    const columns = [
      { name: "b", datatype: "INT32", shape: [2, 1], data: [1, 2] },
      { name: "a", datatype: "BYTES", shape: [2], data: ["red", "bläu"] },
    ];
    expect((await post("/v2/models/mirror/infer", { inputs: columns })).json()).toMatchObject({
      outputs: [{ datatype: "BYTES", data: ["red 1", "bläu 2"] }],
    });
  });

  it("takes compressed bodies and compresses long answers for those who ask", async () => {
    const many = { inputs: [input(new Array(3000).fill(1.5), [1000, 3])] };
    const text = JSON.stringify(many);
    for (const [encoding, bytes] of [
      ["gzip", gzipSync(text)],
      ["deflate", deflateSync(text)],
    ] as const)
      expect((await post("/v2/models/sums/infer", bytes, { "content-encoding": encoding })).status).toBe(200);
    const bomb = await post("/v2/models/sums/infer", gzipSync(Buffer.alloc(1e7)), { "content-encoding": "gzip" });
    expect([bomb.status, errorOf(bomb)]).toEqual([413, expect.stringContaining("100000 bytes")]);
    const answered = async (accepted: string, body: object) => {
      const reply = await post("/v2/models/sums/infer", body, { "accept-encoding": accepted });
      return [reply.headers["content-encoding"] ?? null, reply.status];
    };
    expect(await answered("deflate, gzip;q=0.5", many)).toEqual(["gzip", 200]);
    expect(await answered("gzip;q=0, deflate", many)).toEqual(["deflate", 200]);
    expect(await answered("br", many)).toEqual([null, 200]);
    expect(await answered("gzip", rows)).toEqual([null, 200]);
  });

  it.each([
    ["no model of that name", "/v2/models/nobody/infer", rows, 404, "There is no service nobody"],
    ["no such revision", "/v2/models/sums/versions/9/infer", rows, 404, "The service sums has no revision 9"],
    ["a version that is no number", "/v2/models/sums/versions/latest/infer", rows, 404, "has no revision"],
    ["another model below a service's path", "/services/sums/v2/models/labels/infer", rows, 404, "no service labels"],
    ["a POST of what is only read", "/v2/models/sums/stats", rows, 405, "does not take POST"],
    ["another method of the protocol", "/v2/models/sums/trace", rows, 404, "There is nothing at POST"],
    ["a body that is no JSON", "/v2/models/sums/infer", "hello", 400, "The body is not JSON"],
    ["no body", "/v2/models/sums/infer", "", 400, "The body is empty"],
    ["another shape", "/v2/models/sums/infer", { inputs: [input([1, 2], [1, 2])] }, 400, "the model takes [rows, 3]"],
    [
      "what the model lacks",
      "/v2/models/sums/infer",
      { ...rows, outputs: [{ name: "predict_proba" }] },
      400,
      "this model has no predict_proba",
    ],
    ["a script", "/v2/models/script/infer", rows, 400, "Send the body that the script takes to /services/script/score"],
    ["a service without a revision", "/v2/models/empty/infer", rows, 503, "is stopped"],
  ])("refuses %s as {error}", async (_, path, body, status, words) => {
    const reply = await post(path, body);
    expect([reply.status, Object.keys(reply.json() as object)]).toEqual([status, ["error"]]);
    expect(errorOf(reply)).toContain(words);
  });

  it("refuses a missing key and another method of HTTP", async () => {
    expect((await post("/v2/models/sums/infer", rows, { authorization: "" })).status).toBe(401);
    const reply = await get("/v2/models/sums/infer");
    expect([reply.status, reply.headers.allow]).toEqual([405, "POST"]);
  });

  it("is recorded like any request, readable though it came compressed", async () => {
    const id = { "x-request-id": "recorded-1", "content-encoding": "gzip", "accept-encoding": "gzip" };
    const reply = await post("/v2/models/sums/infer", gzipSync(JSON.stringify(rows)), id);
    expect(reply.status).toBe(200);
    await post("/v2/models/sums/infer", "{}", { "x-request-id": "recorded-2" });
    const records = await recordsOf(host);
    const [good, bad] = ["recorded-1", "recorded-2"].map((wanted) => records.find(({ head }) => head.id === wanted));
    expect(good?.head).toMatchObject({ service: "sums", revision: 1, status: 200, kept: true });
    expect(JSON.parse(good?.body.toString() ?? "")).toEqual(rows);
    expect(good?.answer.toString()).toBe(reply.text);
    expect(bad?.head).toMatchObject({ status: 400 });
  });
});

describe("the repository", () => {
  it("lists the services the key opens, and no other", async () => {
    const index = await post("/v2/repository/index");
    const names = (index.json() as { name: string }[]).map(({ name }) => name);
    expect(names.sort()).toEqual(["documents", "empty", "labels", "mirror", "script", "sums", "sums", "texts"]);
    expect(index.json()).toContainEqual({ name: "labels", version: "1", state: "READY", reason: "" });
    const theirs = await post("/v2/repository/index", "", { authorization: "Bearer their-key" });
    expect(theirs.json()).toEqual([{ name: "theirs", version: "1", state: "READY", reason: "" }]);
    expect((await post("/v2/repository/index", "", { authorization: "Bearer wrong" })).status).toBe(401);
    expect((await post("/services/theirs/v2/repository/index")).status).toBe(401);
  });

  it("lists the ready ones alone when asked to, and says what is wrong with a body", async () => {
    const listed = async (body: unknown) => {
      const reply = await post("/v2/repository/index", body as string);
      expect(reply.status, String(body)).toBe(200);
      return (reply.json() as { name: string }[]).map(({ name }) => name);
    };
    const all = await listed("");
    expect(all).toContain("empty");
    for (const body of [{}, { ready: false }]) expect(await listed(body)).toEqual(all);
    expect(await listed({ ready: true })).toEqual(all.filter((name) => name !== "empty"));
    for (const body of ["[]", "ready", { ready: "true" }, { ready: 1 }, { ready: null }]) {
      const reply = await post("/v2/repository/index", body);
      expect([reply.status, errorOf(reply)]).toEqual([400, expect.stringMatching(/The body|"ready"/)]);
      // the pages of the server are of other operations
      expect(errorOf(reply)).toContain("docs/guide/request-languages.md");
    }
    expect((await post("/v2/repository/index", "[]", { authorization: "Bearer wrong" })).status).toBe(401);
  });

  it("loads what is loaded and unloads what is not; anything else takes a token of a server, which this host has not", async () => {
    const ask = async (path: string, body: unknown = "{}") => {
      const reply = await post(`/v2/repository/models/${path}`, body as string);
      return [reply.status, reply.text === "" ? "" : errorOf(reply)];
    };
    expect(await ask("sums/load")).toEqual([200, ""]);
    expect(await ask("sums/load", "")).toEqual([200, ""]);
    expect(await ask("empty/unload", { parameters: { unload_dependents: false } })).toEqual([200, ""]);
    expect(await ask("sums/unload")).toEqual([403, expect.stringContaining("it takes contributor")]);
    expect(await ask("empty/load")).toEqual([403, expect.stringContaining("token create --role contributor")]);
    expect(await ask("sums/load", { parameters: { config: "{}" } })).toEqual([400, expect.any(String)]);
    expect(await ask("nobody/load")).toEqual([404, expect.stringContaining("no service nobody")]);
    expect(await ask("sums/load", "no json")).toEqual([400, expect.any(String)]);
    expect((await post("/v2/repository/models/sums/load", "{}", { authorization: "" })).status).toBe(401);
  });
});

it("statistics count rows that were answered and the calls that answered them, and nothing that failed", async () => {
  const counts = async () => {
    const [stats] = (
      (await get("/v2/models/sums/versions/1/stats")).json() as { model_stats: Record<string, number>[] }
    ).model_stats;
    return [stats?.inference_count ?? 0, stats?.execution_count ?? 0] as const;
  };
  const [rowsBefore, callsBefore] = await counts();
  const infer = async (body: object) => (await post("/v2/models/sums/versions/1/infer", body)).status;
  expect(await infer({ inputs: [input([1, 2, 3, 4, 5, 6, 7, 8, 9, 1, 2, 3], [4, 3])] })).toBe(200);
  expect(await infer(rows)).toBe(200);
  for (let index = 0; index < 3; index += 1)
    expect(await infer({ ...rows, outputs: [{ name: "predict_proba" }] })).toBe(400);
  const [rowsAfter, callsAfter] = await counts();
  expect([rowsAfter - rowsBefore, callsAfter - callsBefore]).toEqual([5, 2]);
});

it("an answer that was compressed is the same answer", async () => {
  const many = { inputs: [input(new Array(3000).fill(1.5), [1000, 3])], id: "x" };
  const plain = await post("/v2/models/sums/infer", many, { "accept-encoding": "identity" });
  const packed = await post("/v2/models/sums/infer", many, { "accept-encoding": "gzip" });
  expect(packed.text).toBe(plain.text);
});
