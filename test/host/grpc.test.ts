import { execFile } from "node:child_process";
import { connect } from "node:net";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { sha256 } from "../../src/kernel/hash.ts";
import { tritonEnvironment } from "../python-environment.ts";
import {
  ask,
  key,
  pickledModel,
  recordsOf,
  scriptRevision,
  service,
  startTestHost,
  sumsRevision,
  type TestHost,
} from "./host-fixture.ts";
import { labels, long, mirror } from "./toy-models.ts";

const run = promisify(execFile);
/** Tells whether the first number of each row is at least its second. */
const truths = `
class Model:
    def predict(self, rows):
        return [bool(row[0] >= row[1]) for row in rows]
`;

const prelude = `
import json, queue, sys
import grpc
import numpy as np
import tritonclient.grpc as triton
from tritonclient.grpc import service_pb2 as pb, service_pb2_grpc
from tritonclient.utils import InferenceServerException
address, key = json.load(sys.stdin)
headers = {"authorization": "Bearer " + key}
metadata = [("authorization", "Bearer " + key)]
client = triton.InferenceServerClient(address)
channel = grpc.insecure_channel(address, options=[("grpc.max_send_message_length", -1), ("grpc.max_receive_message_length", -1)])
stub = service_pb2_grpc.GRPCInferenceServiceStub(channel)
def tensor(values, datatype="FP64", name="input"):
    made = triton.InferInput(name, list(values.shape), datatype)
    made.set_data_from_numpy(values)
    return made
def wanted(*names):
    return [triton.InferRequestedOutput(name) for name in names]
rows = np.array([[1.0, 2, 3], [0.5, 0.25, -7]])
one = [tensor(rows)]
def refused(call):
    try:
        call()
    except InferenceServerException as error:
        return [error.status(), error.message()]
    except grpc.RpcError as error:
        return [str(error.code()), error.details()]
    return "not refused"
def typed(name, model="sums", shape=(2, 3), datatype="FP64", raw=None, **contents):
    request = pb.ModelInferRequest(model_name=model)
    request.inputs.add(name=name, datatype=datatype, shape=shape)
    for field, values in contents.items():
        getattr(request.inputs[0].contents, field).extend(values)
    if raw is not None:
        request.raw_input_contents.extend(raw)
    return request
`;

let host: TestHost;
let program: string;

beforeAll(async () => {
  host = await startTestHost();
  program = await tritonEnvironment();
  const model = (code: string) => ({ models: [pickledModel(host.folder, code)] });
  const names = ["a", "b"];
  await host.serve(
    service([sumsRevision(), sumsRevision({ number: 2, share: 0, image: "image-candidate" })], { name: "sums" }),
    service([sumsRevision({ ...model(labels), sample: null })], { name: "labels" }),
    service(
      [sumsRevision({ ...model(mirror), signature: { input: { kind: "rows", columns: 2, names } }, sample: null })],
      {
        name: "mirror",
      },
    ),
    service([sumsRevision(model(truths))], { name: "truths", auth: "none" }),
    service([sumsRevision({ ...model(long), sample: null })], { name: "long" }),
    service([scriptRevision(host.folder, "def init():\n    pass\ndef run(x):\n    return x\n")], { name: "script" }),
    service([sumsRevision()], { name: "theirs", keyDigests: [sha256("their-key")] }),
    service([sumsRevision()], { name: "large", maxBodyBytes: 50_000_000 }),
    service([], { name: "empty" }),
  );
});
afterAll(() => host.close());

/** Runs Python with a client; gives what the code leaves in `result`. */
async function python<Result>(code: string): Promise<Result> {
  const running = run(program, ["-c", `${prelude}\n${code}\nprint(json.dumps(result))`], { maxBuffer: 1 << 26 });
  running.child.stdin?.end(JSON.stringify([host.grpc, key]));
  return JSON.parse((await running).stdout);
}

describe("the stock client over gRPC", () => {
  it("finds health, metadata, configuration, statistics and the repository as HTTP tells them", async () => {
    const found = await python<Record<string, Record<string, unknown>>>(`
more = {"headers": headers, "as_json": True}
client.infer("sums", one, headers=headers)
result = {
    "health": [client.is_server_live(), client.is_server_ready()] + [client.is_model_ready(*name) for name in
        [("sums",), ("sums", "2"), ("sums", "3"), ("nobody",)]],
    "server": client.get_server_metadata(as_json=True),
    "sums": client.get_model_metadata("sums", **more), "labels": client.get_model_metadata("labels", "1", **more),
    "config": client.get_model_config("sums", **more), "stats": client.get_inference_statistics("sums", "1", **more),
    "all": [one["name"] for one in client.get_inference_statistics(**more)["model_stats"]],
    "index": client.get_model_repository_index(**more)["models"],
    "keyless": [refused(lambda: ask("sums"))[0] for ask in (client.get_model_metadata, client.get_model_config, client.get_inference_statistics)],
    "open": [one["name"] for one in client.get_model_repository_index(as_json=True)["models"]],
    "absent": [refused(ask) for ask in (client.get_trace_settings, client.get_log_settings, client.get_system_shared_memory_status,
        lambda: client.unregister_cuda_shared_memory("x"))]}`);
    const unimplemented = "StatusCode.UNIMPLEMENTED";
    expect(found).toMatchObject({
      health: [true, true, true, true, false, false],
      server: { name: "modelyard", version: "0.0.0" },
      sums: {
        name: "sums",
        versions: ["1", "2"],
        inputs: [{ name: "input", datatype: "FP64", shape: ["-1", "3"] }],
        outputs: [{ name: "predict", datatype: "FP64", shape: ["-1"] }],
      },
      config: {
        config: {
          name: "sums",
          max_batch_size: 1024,
          input: [{ name: "input", data_type: "TYPE_FP64", dims: ["3"] }],
          output: [{ name: "predict", data_type: "TYPE_FP64", dims: ["1"], reshape: {} }],
          instance_group: [{ count: 1, kind: "KIND_CPU" }],
        },
      },
      stats: { model_stats: [{ name: "sums", version: "1", inference_stats: { success: {}, fail: {} } }] },
      all: ["sums", "sums", "labels", "mirror", "truths", "long", "script", "large"],
      keyless: Array(3).fill("StatusCode.UNAUTHENTICATED"),
      open: ["truths"],
      absent: [
        [unimplemented, expect.stringContaining("`modelyard record list`")],
        [unimplemented, expect.stringContaining("`modelyard service logs`")],
        [unimplemented, expect.stringContaining("Shared memory is not supported here")],
        [unimplemented, expect.stringContaining("Shared memory is not supported here")],
      ],
    });
    const http = async (path: string) =>
      (await host.get(path, { authorization: `Bearer ${key}` })).json() as Record<string, unknown>;
    expect(await http("/v2/models/sums/config")).toMatchObject({
      max_batch_size: 1024,
      input: [{ name: "input", data_type: "TYPE_FP64", dims: [3] }],
      output: [{ dims: [1], reshape: { shape: [] } }],
    });
    expect(await http("/v2/models/sums/versions/1/stats")).toMatchObject({
      model_stats: [{ name: "sums", version: "1", inference_stats: { success: { ns: expect.any(Number) } } }],
    });
    expect(((await http("/v2/models/stats")).model_stats as unknown[]).length).toBe(8);
    expect(found.index).not.toContainEqual(expect.objectContaining({ name: "theirs" }));
  });

  it("gets answers from raw tensors of every datatype: sync, async, by version, compressed, with id", async () => {
    const found = await python<Record<string, unknown>>(`
import asyncio
import tritonclient.grpc.aio as later
def sums(answer):
    return answer.as_numpy("predict").tolist()
result = {}
for datatype in (np.float16, np.float32, np.float64, np.int8, np.int16, np.int32, np.int64, np.uint8, np.uint16, np.uint32, np.uint64):
    name = {"f": "FP", "i": "INT", "u": "UINT"}[np.dtype(datatype).kind] + str(np.dtype(datatype).itemsize * 8)
    result[name] = sums(client.infer("sums", [tensor(np.array([[1, 2, 3]], dtype=datatype), name)], headers=headers))
result["version"] = sums(client.infer("sums", one, "2", headers=headers))
for algorithm in ("gzip", "deflate"):
    result[algorithm] = sums(client.infer("sums", one, headers=headers, compression_algorithm=algorithm))
done = queue.Queue()
client.async_infer("sums", one, lambda result, error: done.put(error or sums(result)), headers=headers)
result["async"] = done.get(timeout=30)
async def ask():
    async with later.InferenceServerClient(address) as other:
        return sums(await other.infer("sums", [tensor(rows)], headers=headers))
result["aio"] = asyncio.run(ask())
answer = client.infer("labels", one, outputs=wanted("predict_proba", "predict"), headers=headers, request_id="mine", priority=3, timeout=1000000)
said = answer.get_response()
result["labels"] = [said.id, said.model_name, said.model_version, [output.name for output in said.outputs],
    answer.as_numpy("predict").tolist()[0].decode(), answer.as_numpy("predict_proba").tolist()]`);
    const { version, gzip, deflate, async: later, aio, labels: told, ...datatypes } = found;
    for (const sums of [version, gzip, deflate, later, aio]) expect(sums).toEqual([6, -6.25]);
    expect(Object.keys(datatypes)).toHaveLength(11);
    for (const [datatype, sums] of Object.entries(datatypes)) expect(sums, datatype).toEqual([6]);
    expect(told).toEqual([
      "mine",
      "labels",
      "1",
      ["predict_proba", "predict"],
      "plus",
      [
        [0.25, 0.75],
        [1, 0],
      ],
    ]);
  });

  it("gets answers in a stream, in order, each told to be the last of its request; a request that fails leaves the stream alone", async () => {
    const found = await python<[string, number[]?, boolean?][]>(`
answers = queue.Queue()
client.start_stream(lambda result, error: answers.put((result, error)), headers=headers)
for number in range(100):
    values = np.array([[number, 1, 1.5]]) if number % 10 else np.array([[1.0, 2]])
    client.async_stream_infer("sums", [tensor(values)], request_id=str(number))
result = []
for number in range(100):
    answer, error = answers.get(timeout=30)
    said = None if error else answer.get_response()
    result.append([error.message()] if error else [said.id, answer.as_numpy("predict").tolist(), said.parameters["triton_final_response"].bool_param])
client.stop_stream()`);
    expect(found).toEqual(
      Array.from({ length: 100 }, (_, number) =>
        number % 10 > 0 ? [`${number}`, [number + 2.5], true] : [expect.stringContaining("the model takes [rows, 3]")],
      ),
    );
  });
});

describe("a client that sends typed contents", () => {
  it("gets them back: numbers, truth values and text, as columns too", async () => {
    const found = await python<Record<string, unknown>>(`
def ask(request, field):
    answer = stub.ModelInfer(request, metadata=metadata)
    assert len(answer.raw_output_contents) == 0
    return [answer.outputs[0].datatype, list(answer.outputs[0].shape), [one.decode() if isinstance(one, bytes) else one for one in getattr(answer.outputs[0].contents, field)]]
result = {
    "FP64": ask(typed("x", fp64_contents=[1, 2, 3, 0.5, 0.25, -7]), "fp64_contents"),
    "FP32": ask(typed("x", datatype="FP32", fp32_contents=[1, 2, 3, 0.5, 0.25, -7]), "fp64_contents"),
    "INT8": ask(typed("x", datatype="INT8", int_contents=[1, 2, 3, -128, 127, 1]), "fp64_contents"),
    "INT64": ask(typed("x", datatype="INT64", int64_contents=[2 ** 62, 0, 0, -2 ** 63, 0, 0]), "fp64_contents"),
    "UINT64": ask(typed("x", datatype="UINT64", uint64_contents=[2 ** 64 - 1, 0, 0, 2 ** 63, 0, 0]), "fp64_contents"),
    "UINT16": ask(typed("x", datatype="UINT16", uint_contents=[65535, 0, 0, 0, 0, 0]), "fp64_contents"),
    "BOOL": ask(typed("x", model="truths", datatype="BOOL", bool_contents=[True, False, False, False, True, True]), "bool_contents"),
    "labels": ask(typed("x", model="labels", fp64_contents=[1, 2, 3, 0.5, 0.25, -7]), "bytes_contents"),
    "empty": ask(typed("x", shape=(0, 3)), "fp64_contents")}
columns = typed("b", model="mirror", shape=(2, 1), datatype="INT32", int_contents=[1, -2])
columns.inputs.add(name="a", datatype="BYTES", shape=[2, 1]).contents.bytes_contents.extend(["red".encode(), "bläu".encode()])
result["columns"] = ask(columns, "bytes_contents")`);
    expect(found).toEqual({
      FP64: ["FP64", [2], [6, -6.25]],
      FP32: ["FP64", [2], [6, -6.25]],
      INT8: ["FP64", [2], [6, 0]],
      INT64: ["FP64", [2], [2 ** 62, -(2 ** 63)]],
      UINT64: ["FP64", [2], [2 ** 64, 2 ** 63]],
      UINT16: ["FP64", [2], [65535, 0]],
      BOOL: ["BOOL", [2], [true, false]],
      labels: ["BYTES", [2], ["plus", "minus"]],
      empty: ["FP64", [0], []],
      columns: ["BYTES", [2], ["red 1", "bläu -2"]],
    });
  });
});

describe("a mistake over gRPC", () => {
  it("is told with the code that fits and what to do, never as a failure of ours", async () => {
    const found = await python<Record<string, [string, string]>>(
      `
wrong = lambda request: refused(lambda: stub.ModelInfer(request, metadata=metadata))
raw = rows.tobytes()
shared = triton.InferInput("input", [2, 3], "FP64")
shared.set_shared_memory("region", 48)
result = {
    "width": refused(lambda: client.infer("sums", [tensor(rows[:, :2].copy())], headers=headers)),
    "row": refused(lambda: client.infer("sums", [tensor(rows[0])], headers=headers)),
    "model": refused(lambda: client.infer("nobody", one, headers=headers)),
    "version": refused(lambda: client.infer("sums", one, "7", headers=headers)),
    "output": refused(lambda: client.infer("sums", one, outputs=wanted("label"), headers=headers)),
    "classes": refused(lambda: client.infer("sums", one, outputs=[triton.InferRequestedOutput("predict", class_count=2)], headers=headers)),
    "lacking": refused(lambda: client.infer("sums", one, outputs=wanted("predict_proba"), headers=headers)),
    "script": refused(lambda: client.infer("script", one, headers=headers)),
    "keyless": refused(lambda: client.infer("sums", one)),
    "foreign": refused(lambda: client.infer("theirs", one, headers=headers)),
    "large": refused(lambda: client.infer("sums", [tensor(np.zeros((20000, 3)))], headers=headers)),
    "larger": refused(lambda: stub.ModelInfer(typed("x", raw=[bytes(60000000)]), metadata=metadata)),
    "late": refused(lambda: client.infer("labels", [tensor(np.array([[5000.0, 0, 0]]))], headers=headers, client_timeout=0.5)),
    "empty": refused(lambda: client.infer("empty", one, headers=headers)),
    "shape": wrong(typed("x", shape=(-1, 3), raw=[raw])),
    "datatype": wrong(typed("x", datatype="FP128", raw=[raw])),
    "short": wrong(typed("x", raw=[raw[:-1]])),
    "many": wrong(typed("x", raw=[raw, raw])),
    "both": wrong(typed("x", raw=[raw], fp64_contents=[1])),
    "few": wrong(typed("x", fp64_contents=[1, 2])),
    "range": wrong(typed("x", datatype="INT8", int_contents=[1, 2, 3, 4, 5, 300])),
    "place": wrong(typed("x", datatype="FP32", fp64_contents=[1, 2, 3, 4, 5, 6])),
    "half": wrong(typed("x", datatype="FP16", fp32_contents=[1, 2, 3, 4, 5, 6])),
    "shared": refused(lambda: client.infer("sums", [shared], headers=headers)),
    "noise": refused(lambda: channel.unary_unary("/inference.GRPCInferenceService/ModelInfer", request_serializer=bytes)(b"\\x0a\\xff", metadata=metadata)),
    "method": refused(lambda: channel.unary_unary("/inference.GRPCInferenceService/Nothing", request_serializer=bytes)(b"")),
    "load": refused(lambda: client.unload_model("sums", headers=headers))}
`.replace(
        "wrong = lambda",
        "def shared():\n    made = triton.InferInput('input', [2, 3], 'FP64')\n    made.set_shared_memory('region', 48)\n    return made\nwrong = lambda",
      ),
    );
    const code = (name: string) => `StatusCode.${name}`;
    const invalid = (words: string) => [code("INVALID_ARGUMENT"), expect.stringContaining(words)];
    expect(found).toEqual({
      width: invalid('Input "input" has the shape [2,2]; the model takes [rows, 3]'),
      row: invalid("one row has the shape [1, 3]"),
      model: [code("NOT_FOUND"), expect.stringContaining("There is no service nobody")],
      version: [code("NOT_FOUND"), expect.stringContaining("has no revision 7")],
      output: invalid('There is no output "label"'),
      classes: invalid('ask for "predict_proba"'),
      lacking: invalid("this model has no predict_proba"),
      script: invalid("Send the body that the script takes to /services/script/score"),
      keyless: [code("UNAUTHENTICATED"), expect.stringContaining("key")],
      foreign: [code("UNAUTHENTICATED"), expect.stringContaining("key")],
      large: [code("RESOURCE_EXHAUSTED"), expect.stringContaining("larger than 100000 bytes")],
      larger: [code("RESOURCE_EXHAUSTED"), expect.stringContaining("larger than 50000000 bytes")],
      late: [code("DEADLINE_EXCEEDED"), expect.any(String)],
      empty: [code("UNAVAILABLE"), expect.stringContaining("is stopped")],
      shape: invalid("not one of whole numbers"),
      datatype: invalid('the datatype "FP128"'),
      short: invalid("has 47 bytes; FP64 of shape [2,3] has 48"),
      many: invalid("raw_input_contents has 2 elements for 1 inputs"),
      both: invalid("send one of the two"),
      few: invalid("has 16 bytes; FP64 of shape [2,3] has 48"),
      range: invalid("element 6 is 300, not an integer from -128 to 127, as INT8 is"),
      place: invalid("fp32_contents is the place for them"),
      half: invalid("only raw_input_contents can hold them"),
      shared: invalid("shared memory"),
      noise: invalid("The message is none that /inference.GRPCInferenceService/ModelInfer takes"),
      method: [code("UNIMPLEMENTED"), expect.stringContaining("There is no method")],
      load: [code("PERMISSION_DENIED"), expect.stringContaining("it takes contributor")],
    });
  });
});

it("health is checked as load balancers do, by service too", async () => {
  expect(
    await python(`
check = channel.unary_unary("/grpc.health.v1.Health/Check", request_serializer=bytes)
result = [list(check(b"")), list(check(b"\\x0a\\x04sums")), list(check(b"\\x0a\\x05empty")), refused(lambda: check(b"\\x0a\\x06nobody"))]`),
  ).toEqual([
    [8, 1],
    [8, 1],
    [8, 2],
    ["StatusCode.NOT_FOUND", expect.any(String)],
  ]);
});

it("requests are counted, and recorded as the same request over HTTP is", async () => {
  await python(`
client.infer("sums", one, headers=dict(headers, **{"x-request-id": "by-grpc"}), request_id="mine")
refused(lambda: client.infer("sums", [tensor(rows[0])], headers=dict(headers, **{"x-request-id": "by-grpc-wrong"})))
result = 0`);
  const records = await recordsOf(host);
  const [good, bad] = ["by-grpc", "by-grpc-wrong"].map((id) => records.find(({ head }) => head.id === id));
  expect(good?.head).toMatchObject({
    service: "sums",
    revision: 1,
    ...{ status: 200, rows: 2 },
    contentType: "application/octet-stream",
  });
  expect(good?.body.toString("latin1")).toMatch(
    /^\{"id":"mine","parameters":\{"binary_data_output":true\},"inputs":\[\{"name":"input","datatype":"FP64","shape":\[2,3\],"parameters":\{"binary_data_size":48\}\}\]\}/,
  );
  expect(good?.answer.toString("latin1")).toContain('"outputs":[{"name":"predict","datatype":"FP64","shape":[2]');
  expect(bad?.head).toMatchObject({ service: "sums", status: 400, error: "tensors-invalid" });
  expect((await host.get("/metrics", { authorization: `Bearer ${key}` })).text).toMatch(
    /modelyard_requests_total\{service="sums",revision="1",code="400"\} [1-9]/,
  );
});

it("a client that refuses long answers goes on with its next calls on the same connection", async () => {
  const found = await python<string[]>(`
strict = service_pb2_grpc.GRPCInferenceServiceStub(grpc.insecure_channel(address))
def code(model):
    try:
        strict.ModelInfer(typed("input", model, raw=[rows.tobytes()]), metadata=metadata)
        return "OK"
    except grpc.RpcError as error:
        return str(error.code()) + " " + error.details()
result = [code("long") for _ in range(3)] + [code("sums") for _ in range(3)]
answer = stub.ModelInfer(typed("input", "long", raw=[rows.tobytes()]), metadata=metadata)
result.append(str(len(answer.raw_output_contents[0])))`);
  const refused = expect.stringContaining("larger than max");
  expect(found).toEqual([refused, refused, refused, "OK", "OK", "OK", String(2 * 15_000_004)]);
});

it("what is no gRPC is turned away, and the next client is served", async () => {
  const [name = "", port = ""] = host.grpc.split(":");
  const said = await new Promise<string>((resolve, reject) => {
    const socket = connect(Number(port), name, () => socket.write("GET / HTTP/1.1\r\nHost: x\r\n\r\n"));
    let text = "";
    socket.on("data", (chunk) => {
      text += chunk.toString("latin1");
    });
    socket.on("close", () => resolve(text));
    socket.on("error", reject);
  });
  expect(said).not.toContain("200");
  expect(await python(`result = client.is_server_live()`)).toBe(true);
  expect((await ask(`${host.url}/v2/health/live`)).status).toBe(200);
});
