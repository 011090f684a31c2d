import { afterAll, beforeAll, expect, test } from "vitest";
import { type MlflowClient, mlflowClient } from "./mlflow-client.ts";

let mlflow: MlflowClient;
beforeAll(async () => {
  mlflow = await mlflowClient();
  await send("POST", "registered-models/create", { name: "m" });
  await send("POST", "model-versions/create", { name: "m", source: "s3://b/1" });
});
afterAll(() => mlflow.remove());

const api = "/api/2.0/mlflow";
async function send(method: string, path: string, body?: unknown, headers?: Record<string, string>) {
  const { status, json } = await mlflow.raw(method, `${api}/${path}`, body, headers);
  return { status, code: json.error_code, message: String(json.message ?? ""), json };
}

const invalid = [400, "INVALID_PARAMETER_VALUE"] as const;
const missing = [404, "RESOURCE_DOES_NOT_EXIST"] as const;
const run = "0".repeat(32);

const table: [string, string, unknown, readonly [number, string], RegExp?][] = [
  // what every request has in common
  ["POST", "registered-models/create", {}, invalid, /Missing value for required parameter 'name'/],
  ["POST", "registered-models/create", { name: "" }, invalid, /Missing value for required parameter 'name'/],
  ["POST", "registered-models/create", { name: null }, invalid, /Missing value for required parameter 'name'/],
  ["POST", "registered-models/create", { name: 123 }, invalid, /Invalid value 123 for parameter 'name' supplied/],
  ["POST", "registered-models/create", "{not json", invalid, /Missing value for required parameter 'name'/],
  ["POST", "registered-models/create", [1], [400, "BAD_REQUEST"]],
  ["POST", "registered-models/create", "7", [400, "BAD_REQUEST"]],
  ["POST", "registered-models/create", { name: "x", tags: [{ value: "v" }] }, invalid, /tags\[0\]\.key/],
  ["POST", "registered-models/create", { name: "x", tags: "t" }, invalid],
  [
    "POST",
    "registered-models/create",
    { name: "x", tags: [{ key: "k", value: "a\u0000b" }] },
    invalid,
    /tags\.0\.value/,
  ],
  ["POST", "registered-models/create", '{"name": "\\ud800"}', invalid, /half a character/],
  ["POST", "registered-models/create", `{"name": ${"[".repeat(99_999)}${"]".repeat(99_999)}}`, invalid, /nested/],
  ["GET", "registered-models/get", undefined, invalid, /Missing value for required parameter 'name'/],
  ["GET", "nowhere", undefined, [404, "ENDPOINT_NOT_FOUND"]],
  ["POST", "registered-models/get", { name: "m" }, [405, "BAD_REQUEST"]],
  ["DELETE", "registered-models/create", { name: "m" }, [405, "BAD_REQUEST"]],
  // registered models
  ["POST", "registered-models/create", { name: "m" }, [400, "RESOURCE_ALREADY_EXISTS"]],
  ...["a/b", "a:b", "a@b", ".", "..", "a\u0000b", "x".repeat(201)].map(
    (name) => ["POST", "registered-models/create", { name }, invalid] as [string, string, unknown, typeof invalid],
  ),
  ["GET", "registered-models/get?name=nobody", undefined, missing, /Registered Model with name=nobody not found/],
  ["PATCH", "registered-models/update", { name: "nobody" }, missing],
  ["POST", "registered-models/rename", { name: "m" }, invalid],
  ["POST", "registered-models/rename", { name: "m", new_name: "m" }, [400, "RESOURCE_ALREADY_EXISTS"]],
  ["POST", "registered-models/rename", { name: "nobody", new_name: "y" }, missing],
  ["POST", "registered-models/rename", { name: "m", new_name: "a/b" }, invalid],
  ["DELETE", "registered-models/delete", { name: "nobody" }, missing],
  ["DELETE", "registered-models/delete", undefined, invalid],
  ["POST", "registered-models/set-tag", { name: "m", value: "x" }, invalid],
  ["POST", "registered-models/set-tag", { name: "m", key: "a=b", value: "x" }, invalid],
  ["POST", "registered-models/set-tag", { name: "m", key: "k".repeat(251), value: "x" }, invalid],
  ["POST", "registered-models/set-tag", { name: "m", key: "k", value: "x".repeat(100_001) }, invalid],
  ["POST", "registered-models/set-tag", { name: "nobody", key: "k", value: "x" }, missing],
  ["POST", "registered-models/alias", { name: "m", alias: "x", version: "9" }, missing],
  ["POST", "registered-models/alias", { name: "m", alias: "x", version: "one" }, invalid],
  ["POST", "registered-models/alias", { name: "m", alias: "LATEST", version: "1" }, invalid],
  ["POST", "registered-models/alias", { name: "m", alias: "v12", version: "1" }, invalid],
  ["POST", "registered-models/alias", { name: "m", alias: "a b", version: "1" }, invalid],
  ["POST", "registered-models/alias", { name: "m", alias: "x".repeat(256), version: "1" }, invalid],
  ["GET", "registered-models/alias?name=m&alias=none", undefined, invalid, /Registered model alias none not found/],
  ["GET", "registered-models/alias?name=nobody&alias=none", undefined, missing],
  ["POST", "registered-models/get-latest-versions", { name: "nobody" }, missing],
  ["POST", "registered-models/get-latest-versions", { name: "m", stages: ["Nowhere"] }, invalid],
  ["GET", "registered-models/search?max_results=1001", undefined, invalid],
  ["GET", "registered-models/search?max_results=0", undefined, invalid],
  ["GET", "registered-models/search?max_results=-1", undefined, invalid],
  ["GET", "registered-models/search?max_results=abc", undefined, invalid],
  ["GET", "registered-models/search?page_token=garbage", undefined, invalid],
  ["GET", "registered-models/search?order_by=description", undefined, invalid],
  ["GET", "registered-models/search?filter=name", undefined, invalid, /Invalid clause\(s\) in filter string/],
  // versions
  ["POST", "model-versions/create", { name: "m" }, invalid, /'source'/],
  ["POST", "model-versions/create", { name: "m", source: "" }, invalid, /'source'/],
  ["POST", "model-versions/create", { name: "nobody", source: "s3://b/1" }, missing],
  ...[
    "/tmp/model",
    "file:///tmp/model",
    "relative/path",
    "http://host/x",
    "https://host/x",
    "C:\\models\\m",
    "s3://b/../x",
    "s3://b/%2e%2e/x",
    "s3://b/%252e%252e/x",
    "mlflow-artifacts:/0/x",
    "models:/",
    "models:/m/one",
    "runs:/",
  ].map(
    (source) =>
      ["POST", "model-versions/create", { name: "m", source }, invalid] as [string, string, unknown, typeof invalid],
  ),
  ["POST", "model-versions/create", { name: "m", source: "models:/nobody/1" }, missing],
  ["POST", "model-versions/create", { name: "m", source: "models:/m/9" }, missing],
  ["POST", "model-versions/create", { name: "m", source: "models:/m-unknown" }, missing],
  ["POST", "model-versions/create", { name: "m", source: "s3://b/1", model_id: "m-unknown" }, missing],
  ["POST", "model-versions/create", { name: "m", source: `runs:/${run}/model` }, missing],
  ["POST", "model-versions/create", { name: "m", source: `runs:/${run}/model`, run_id: "other" }, invalid],
  ["GET", "model-versions/get?name=m", undefined, invalid],
  ["GET", "model-versions/get?name=m&version=9", undefined, missing, /Model Version \(name=m, version=9\) not found/],
  ["GET", "model-versions/get?name=m&version=one", undefined, invalid],
  ["GET", "model-versions/get?name=nobody&version=1", undefined, missing],
  ["PATCH", "model-versions/update", { name: "m", version: "9" }, missing],
  ["DELETE", "model-versions/delete", { name: "m", version: "9" }, missing],
  ["POST", "model-versions/transition-stage", { name: "m", version: "1", stage: "Nowhere" }, invalid],
  ["POST", "model-versions/transition-stage", { name: "m", version: "1" }, invalid],
  ...["None", "Archived"].map(
    (stage) =>
      [
        "POST",
        "model-versions/transition-stage",
        { name: "m", version: "1", stage, archive_existing_versions: true },
        invalid,
      ] as [string, string, unknown, typeof invalid],
  ),
  ["POST", "model-versions/set-tag", { name: "m", version: "9", key: "k", value: "v" }, missing],
  ["GET", "model-versions/search?max_results=0", undefined, invalid],
  ["GET", "model-versions/search?max_results=200001", undefined, invalid],
  ["GET", "model-versions/get-download-uri?name=m&version=9", undefined, missing],
  // experiments, runs, logged models
  ["POST", "experiments/create", {}, invalid],
  ["POST", "experiments/create", { name: "Default" }, [400, "RESOURCE_ALREADY_EXISTS"]],
  ["GET", "experiments/get?experiment_id=99", undefined, missing],
  ["GET", "experiments/get-by-name?experiment_name=nobody", undefined, missing],
  ["POST", "experiments/search", { max_results: 0 }, invalid],
  ["POST", "runs/create", { experiment_id: "99" }, missing],
  ["GET", "runs/get", undefined, invalid],
  ["GET", `runs/get?run_id=${run}`, undefined, missing],
  ["POST", "runs/update", { run_id: run, status: "NO" }, invalid],
  ["POST", "runs/log-metric", { run_id: run, key: "k", value: "abc", timestamp: 1 }, invalid],
  ["POST", "runs/log-metric", { run_id: run, key: "k", value: 1, timestamp: 1 }, missing],
  ["POST", "runs/log-batch", { run_id: run, metrics: [{ key: "k" }] }, invalid, /metrics\[0\]\.value/],
  ["POST", "runs/search", { experiment_ids: ["0"], filter: "metrics.a ~ 1" }, invalid],
  ["POST", "runs/search", { experiment_ids: ["0"], order_by: ["nothing"] }, invalid],
  ["GET", "logged-models/m-unknown", undefined, missing],
  ["POST", "logged-models", { experiment_id: "0", name: "a/b" }, invalid],
  ["PATCH", "logged-models/m-unknown", { status: "LOGGED_MODEL_READY" }, missing],
  ["PATCH", "logged-models/m-unknown", { status: "x" }, invalid],
  ["GET", `artifacts/list?run_id=${run}`, undefined, missing],
];

test.each(table)("%s %s %j is refused with %j", async (method, path, body, [status, code], message = /./) => {
  const answer = await send(method, path, body);
  expect([answer.status, answer.code]).toEqual([status, code]);
  expect(answer.message).toMatch(message);
});

test("refused registrations leave no version behind", async () => {
  const { json } = await send("GET", "model-versions/search?filter=name%3D%27m%27");
  expect((json.model_versions as { version: string }[]).map(({ version }) => version)).toEqual(["1"]);
});

test("a body without the content type of JSON is refused", async () => {
  for (const type of ["text/plain", "application/x-www-form-urlencoded", "application/jsonp", "nonsense"]) {
    const answer = await send("POST", "registered-models/create", '{"name":"x"}', { "content-type": type });
    expect([answer.status, answer.code]).toEqual([400, "BAD_REQUEST"]);
  }
});

test("a page of another site cannot change anything", async () => {
  const headers = { origin: "https://elsewhere.example" };
  const answer = await mlflow.raw("POST", `${api}/registered-models/create`, { name: "x" }, headers);
  expect([answer.status, answer.json.error_code]).toEqual([403, "PERMISSION_DENIED"]);
  expect((await send("POST", "registered-models/create", { name: "own" }, { origin: mlflow.server.url })).status).toBe(
    200,
  );
  expect((await send("GET", "registered-models/search", undefined, headers)).status).toBe(200);
});

test("the wire is MLflow's JSON: camel case is read, unset and empty members are left out, versions are texts, times numbers", async () => {
  const made = await send("POST", "model-versions/create", { name: "m", source: "s3://b/2", runId: "r", runLink: "l" });
  expect(made.json.model_version).toMatchObject({ version: "2", run_id: "r", run_link: "l", current_stage: "None" });
  expect(made.json.model_version).not.toHaveProperty("tags");
  expect(made.json.model_version).not.toHaveProperty("aliases");
  expect(typeof (made.json.model_version as { creation_timestamp: unknown }).creation_timestamp).toBe("number");
  const none = await mlflow.raw("GET", `${api}/registered-models/search?filter=name%3D%27nobody%27`);
  expect(none.text).toBe("{}");
  const ajax = await mlflow.raw("GET", "/ajax-api/2.0/mlflow/model-versions/get?name=m&version=2");
  expect(ajax.text).toBe((await mlflow.raw("GET", `${api}/model-versions/get?name=m&version=2`)).text);
  expect(ajax.text).toContain('\n  "model_version": {\n');
  const long = await send("POST", "registered-models/set-tag", { name: "m", key: "long", value: "x".repeat(100_000) });
  expect(long.status).toBe(200);
});

test("health and version are for everybody, server-info for who may look", async () => {
  const open = { authorization: "" };
  expect((await mlflow.raw("GET", "/health", undefined, open)).text).toBe("OK");
  expect((await mlflow.raw("GET", "/version", undefined, open)).text).toMatch(/^3\.\d+\.\d+$/);
  expect((await mlflow.raw("POST", "/health", {}, open)).status).toBe(405);
  expect((await mlflow.raw("GET", "/api/3.0/mlflow/server-info", undefined, open)).status).toBe(401);
  expect((await mlflow.raw("GET", "/api/3.0/mlflow/server-info")).json).toMatchObject({
    artifact_serving_enabled: true,
  });
});

test("a version that a service runs cannot be deleted, and the answer names the service", async () => {
  // The guard itself is tested in test/register; here its code matters: clients must not repeat the request.
  const { toFailure } = await import("../../src/doors/mlflow/errors.ts");
  const { ModelyardError } = await import("../../src/contract/errors.ts");
  const error = new ModelyardError("version-in-use", { model: "m:1", services: ["shop"], commands: ["x"] });
  expect(toFailure(error)).toMatchObject({ status: 409, error_code: "RESOURCE_CONFLICT" });
  expect(toFailure(error).message).toContain("shop");
  expect(toFailure(new Error("inside"))).toEqual({
    status: 500,
    error_code: "INTERNAL_ERROR",
    message: "Modelyard met an error of its own",
  });
});
