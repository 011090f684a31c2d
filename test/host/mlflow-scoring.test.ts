import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { WantedService } from "../../src/contract/host.ts";
import { mlflowEnvironment, sharedEnvironment } from "../python-environment.ts";
import {
  ask,
  key,
  recordsOf,
  scriptRevision,
  service,
  startTestHost,
  sumsRevision,
  type TestHost,
} from "./host-fixture.ts";
import { type ShopTruth, trainShop } from "./shop-model.ts";

const run = promisify(execFile);
/** Lists within lists, deeper than Python reads and no deeper than JavaScript writes. */
const deepList = () => JSON.parse("[".repeat(2000) + "]".repeat(2000)) as unknown;

const script = "def init():\n    pass\ndef run(raw_data):\n    return raw_data\n";

let host: TestHost;
let shop: ShopTruth;
let services: WantedService[];

beforeAll(async () => {
  host = await startTestHost();
  const trained = trainShop(await sharedEnvironment(), host.folder);
  shop = trained.truth;
  services = [
    service([trained.revision], { name: "shop", auth: "none" }),
    service([sumsRevision()], { name: "sums" }),
    service([scriptRevision(host.folder, script)], { name: "script" }),
    service([], { name: "empty" }),
  ];
  await host.serve(...services);
});
afterAll(() => host.close());

const invoke = (name: string, body: string | object, headers: Record<string, string> = {}) =>
  ask(`${host.url}/services/${name}/invocations`, {
    method: "POST",
    body: typeof body === "string" ? body : JSON.stringify(body),
    headers: { authorization: `Bearer ${key}`, "content-type": "application/json", ...headers },
  });

/** MLflow's own scoring client joins host and port to a URL: behind the port there is room for the path of a service. */
const client = `
import json, sys, warnings
warnings.filterwarnings("ignore")
import numpy, pandas
from mlflow.pyfunc.scoring_server.client import ScoringServerClient
host, port = sys.argv[1].split(":")
client = ScoringServerClient(host, port + "/services/shop")
frame = pandas.DataFrame({"sold": [True, False, False, True], "colour": ["red", "blue", "red", "green"], "size": [1.5, 2, 3.25, 4]})
client.wait_server_ready(5)
answers = {
    "frame": client.invoke(frame).get_predictions()[0].tolist(),
    "objects": client.invoke(frame.to_dict(orient="records")).get_predictions()[0].tolist(),
    "columns": client.invoke(json.dumps({"inputs": frame.to_dict(orient="list")})).get_predictions()[0].tolist(),
    "probabilities": client.invoke(frame, {"method": "predict_proba"}).get_predictions().values.tolist(),
    "version": client.get_version()}
try:
    client.invoke(frame.drop(columns=["size"]))
except Exception as error:
    answers["refused"] = str(error)
print(json.dumps(answers))
print(frame.to_csv(index=False))
`;

/** Saves a model with parameters; prints what MLflow answers to each of the parameters it is given. */
const scaled = `
import json, sys, warnings
warnings.filterwarnings("ignore")
import pandas
from mlflow import pyfunc
from mlflow.models import infer_signature
class Scaled(pyfunc.PythonModel):
    def predict(self, context, model_input, params=None):
        return [str(value * params["factor"]) + params["method"] for value in model_input["metres"]]
frame = pandas.DataFrame({"metres": [2.0, 3.5]})
signature = infer_signature(frame, ["2.0m"], params={"factor": 1.0, "method": "m"})
pyfunc.save_model(sys.argv[1], python_model=Scaled(), signature=signature, pip_requirements=["mlflow"])
model = pyfunc.load_model(sys.argv[1])
print(json.dumps([model.predict(frame, params=params) for params in json.loads(sys.argv[2])]))
`;

describe("MLflow's scoring protocol", () => {
  it("gives MLflow's own client scikit-learn's own predictions, in every form", async () => {
    const { stdout } = await run(await mlflowEnvironment(), ["-c", client, new URL(host.url).host], {
      env: { ...process.env, MLFLOW_DISABLE_TELEMETRY: "true", GIT_PYTHON_REFRESH: "quiet" },
    });
    const [answers, ...csv] = stdout.split("\n");
    expect(JSON.parse(answers as string)).toEqual({
      frame: shop.labels,
      objects: shop.labels,
      columns: shop.labels,
      probabilities: shop.probabilities,
      version: "0.0.0",
      refused: expect.stringMatching(/error code 400, response: .*The column \\"size\\" is missing/),
    });
    const reply = await invoke("shop", csv.join("\n"), { "content-type": "text/csv" });
    expect([reply.status, reply.json()]).toEqual([200, { predictions: shop.labels }]);
    expect(reply.headers["content-type"]).toBe("application/json");
  });

  it("gives each request the parameters of a model of MLflow that it asks for, also among others", async () => {
    const folder = join(host.folder, "scaled");
    const asked = [{}, { factor: 3 }, { factor: 0.5, method: "ft" }, { method: "predict_proba", unknown: [1] }];
    const python = await mlflowEnvironment();
    const { stdout } = await run(python, ["-c", scaled, folder, JSON.stringify(asked)]);
    const truth = JSON.parse(stdout) as string[][];
    const model = { name: "scaled", version: 1, path: folder, files: [], framework: null };
    const signature = { input: { kind: "rows" as const, columns: 1, names: ["metres"] } };
    const own = service([sumsRevision({ python, models: [model], signature })], { name: "scaled" });
    await host.serve(...services, own);
    const inputs = { metres: [2, 3.5] };
    const answers = await Promise.all(
      Array.from({ length: 80 }, (_, index) => invoke("scaled", { inputs, params: asked[index % asked.length] })),
    );
    expect(answers.map(({ text }) => JSON.parse(text).predictions)).toEqual(
      answers.map((_, index) => truth[index % asked.length]),
    );
    for (const params of [{ factor: "much" }, { factor: [1] }, 5, "x", { deep: deepList() }]) {
      const refused = await invoke("scaled", { inputs, params });
      expect([refused.status, refused.text]).toEqual([400, expect.stringMatching(/factor|params/)]);
    }
    expect((await invoke("scaled", { inputs })).json()).toEqual({ predictions: truth[0] });
  });

  it("keeps the worker's own digits", async () => {
    const reply = await invoke("sums", { instances: [[1, 2, 3]] }, { "x-request-id": "mine" });
    expect([reply.text, reply.headers["x-request-id"]]).toEqual(['{"predictions": [6.0]}', "mine"]);
  });

  it("says errors as MLflow does", async () => {
    const refused = async (...given: Parameters<typeof invoke>) => {
      const reply = await invoke(...given);
      const { error_code, message } = reply.json() as { error_code: string; message: string };
      expect(message.length).toBeGreaterThan(10);
      return [reply.status, error_code];
    };
    expect(await refused("sums", { data: [[1, 2, 3]] })).toEqual([400, "BAD_REQUEST"]);
    expect(await refused("sums", { inputs: [[1, 2]] })).toEqual([400, "INVALID_PARAMETER_VALUE"]);
    expect(await refused("sums", { inputs: [["a", "b", "c"]] })).toEqual([400, "INVALID_PARAMETER_VALUE"]);
    expect(await refused("sums", "x".repeat(200_000))).toEqual([413, "BAD_REQUEST"]);
    expect(await refused("script", { inputs: [[1]] })).toEqual([400, "BAD_REQUEST"]);
    expect(await refused("sums", "{}", { authorization: "" })).toEqual([401, "UNAUTHENTICATED"]);
    expect(await refused("nobody", "{}")).toEqual([404, "RESOURCE_DOES_NOT_EXIST"]);
    expect(await refused("empty", "{}")).toEqual([503, "TEMPORARILY_UNAVAILABLE"]);
    expect((await ask(`${host.url}/services/sums/invocations`)).headers.allow).toBe("POST");
  });

  it("tells health and version without a key", async () => {
    for (const path of ["ping", "health"]) {
      expect(await host.get(`/services/sums/${path}`)).toMatchObject({ status: 200, text: "\n" });
      expect((await host.get(`/services/empty/${path}`)).status).toBe(503);
    }
    expect(await host.get("/services/sums/version")).toMatchObject({ status: 200, text: "0.0.0" });
    expect((await host.get("/services/nobody/ping")).status).toBe(404);
  });

  it("is recorded like any request", async () => {
    const body = '{"inputs": [[1, 2, 3]]}';
    await invoke("sums", body, { "x-request-id": "recorded" });
    const record = (await recordsOf(host)).find(({ head }) => head.id === "recorded");
    expect(record?.head).toMatchObject({ service: "sums", revision: 1, status: 200 });
    expect([record?.body.toString(), record?.answer.toString()]).toEqual([body, '{"predictions": [6.0]}']);
  });
});
