import { afterAll, beforeAll, expect, test } from "vitest";
import { type MlflowClient, mlflowClient } from "./mlflow-client.ts";

let mlflow: MlflowClient;
beforeAll(async () => {
  mlflow = await mlflowClient();
});
afterAll(() => mlflow.remove());

const trained = `
from sklearn.datasets import load_iris
from sklearn.linear_model import LogisticRegression
X, y = load_iris(return_X_y=True)
model = LogisticRegression(max_iter=500).fit(X, y)
truth = model.predict(X).tolist()
# said, so that mlflow does not start a Python of its own to find them out
needs = dict(pip_requirements=["scikit-learn==1.7.2"])
def same(uri):
    return mlflow.pyfunc.load_model(uri).predict(X).tolist() == truth
`;

test("log_model in a run: the version knows its run, its parameters, its metrics and its files, and loads by number, alias, latest, run and id", async () => {
  const result = await mlflow.python<{ run: string; model: string; loads: boolean[]; metrics: unknown }>(`${trained}
mlflow.set_experiment("iris")
with mlflow.start_run() as run:
    mlflow.log_params({"C": 1.0})
    mlflow.log_metric("accuracy", 0.97)
    info = mlflow.sklearn.log_model(model, name="model", registered_model_name="iris", serialization_format="cloudpickle", input_example=X[:2])
client.set_registered_model_alias("iris", "champion", info.registered_model_version)
uris = ["models:/iris/1", "models:/iris@champion", "models:/iris/latest", "runs:/%s/model" % run.info.run_id, info.model_uri]
version = client.get_model_version("iris", "1")
logged = client.get_logged_model(info.model_id)
result = dict(run=run.info.run_id, model=info.model_id, loads=[same(uri) for uri in uris], version=[version.run_id, version.source],
  status=str(logged.status), metrics=[(m.key, m.value) for m in logged.metrics], versions=json.loads(logged.tags["mlflow.modelVersions"])[0])
`);
  expect(result).toEqual({
    run: result.run,
    model: expect.stringMatching(/^m-[0-9a-f]{32}$/),
    loads: [true, true, true, true, true],
    version: [result.run, `models:/${result.model}`],
    status: "READY",
    metrics: [["accuracy", 0.97]],
    versions: { name: "iris", version: 1 },
  });
  const ours = await mlflow.server.client.getModel({ name: "iris", alias: "champion" });
  expect(ours).toMatchObject({
    framework: "ScikitLearn",
    frameworkVersion: "1.7.2",
    metrics: { accuracy: 0.97 },
    params: { C: "1.0" },
    lineage: { runId: result.run, loggedModel: result.model, registeredFrom: "mlflow-python-client/3.17.2" },
  });
  expect(ours.files.map(({ path }) => path)).toContain("MLmodel");
  expect(ours.signature?.inputs.length).toBeGreaterThan(0);
});

test("log_model without a run, in the default format", async () => {
  const result = await mlflow.python(`${trained}
info = mlflow.sklearn.log_model(model, name="alone", registered_model_name="no run", **needs)
version = client.get_model_version("no run", "1")
result = [same("models:/no run/1"), version.run_id]
`);
  expect(result).toEqual([true, ""]);
});

test("register_model takes a logged model of a run, plain files of a run, another version; refuses a local folder", async () => {
  const result = await mlflow.python(`${trained}
import tempfile, os
with mlflow.start_run() as run:
    mlflow.sklearn.log_model(model, name="named", **needs)
    folder = os.path.join(tempfile.mkdtemp(), "saved")
    mlflow.sklearn.save_model(model, folder, **needs)
    mlflow.log_artifacts(folder, "plain")
named = mlflow.register_model("runs:/%s/named" % run.info.run_id, "ways")
plain = mlflow.register_model("runs:/%s/plain" % run.info.run_id, "ways")
copied = client.copy_model_version("models:/ways/2", "copies")
result = dict(numbers=[named.version, plain.version, copied.version], sources=[named.source.split("-")[0], plain.source, copied.source],
  run=[named.run_id == run.info.run_id, plain.run_id == run.info.run_id], loads=[same("models:/ways/1"), same("models:/ways/2"), same("models:/copies/1")],
  local=refused(mlflow.register_model, folder, "local"), left=[m.name for m in client.search_registered_models("name = 'local'")],
  root=plain.source.split("/artifacts/")[0] + "/artifacts")
`);
  const { root } = result as { root: string };
  expect(result).toEqual({
    numbers: ["1", "2", "1"],
    sources: ["models:/m", `${root}/plain`, "models:/ways/2"],
    run: [true, true],
    loads: [true, true, true],
    local: "INVALID_PARAMETER_VALUE",
    left: ["local"],
    root,
  });
  const [second, copy] = await Promise.all([
    mlflow.server.client.getModel({ name: "ways", version: 2 }),
    mlflow.server.client.getModel({ name: "copies", version: 1 }),
  ]);
  expect(copy.digest).toBe(second.digest);
});

test("a version keeps its bytes although the run's artifacts are overwritten and deleted", async () => {
  const before = await mlflow.python<{ run: string; path: string }>(`${trained}
with mlflow.start_run() as run:
    mlflow.sklearn.log_model(model, name="model", **needs)
    import tempfile, os
    folder = os.path.join(tempfile.mkdtemp(), "saved")
    mlflow.sklearn.save_model(model, folder, serialization_format="pickle", **needs)
    mlflow.log_artifacts(folder, "plain")
mlflow.register_model("runs:/%s/plain" % run.info.run_id, "frozen")
result = dict(run=run.info.run_id, path=run.info.artifact_uri.split(":/")[1] + "/plain")
`);
  const digest = (await mlflow.server.client.getModel({ name: "frozen", version: 1 })).digest;
  const file = `/api/2.0/mlflow-artifacts/artifacts/${before.path}/model.pkl`;
  expect((await mlflow.raw("PUT", file, "other bytes")).status).toBe(200);
  expect((await mlflow.raw("GET", file)).text).toBe("other bytes");
  expect((await mlflow.raw("DELETE", `/api/2.0/mlflow-artifacts/artifacts/${before.path}`)).json).toEqual({});
  expect(await mlflow.python(`${trained}\nresult = same("models:/frozen/1")`)).toBe(true);
  expect((await mlflow.server.client.getModel({ name: "frozen", version: 1 })).digest).toBe(digest);
});

test("the files of a version can be listed and read by MLflow clients, and not written", async () => {
  const bytes = Buffer.from("bytes");
  const { digest, size } = await mlflow.server.client.uploadBlob({}, { body: bytes });
  const name = "50% ünï#x";
  await mlflow.server.client.registerModel({
    name,
    files: [
      { path: "a/b.bin", digest, size },
      { path: "c.bin", digest, size },
    ],
  });
  const result = await mlflow.python<{ uri: string; listed: string[]; read: string }>(`
name = ${JSON.stringify(name)}
uri = client.get_model_version_download_uri(name, "1")
folder = mlflow.artifacts.download_artifacts(artifact_uri=uri)
import os
result = dict(uri=uri, listed=[f.path for f in mlflow.artifacts.list_artifacts(artifact_uri=uri)], read=open(os.path.join(folder, "a", "b.bin")).read())
`);
  expect(result).toMatchObject({ listed: ["1/a", "1/c.bin"], read: "bytes" });
  const path = result.uri.replace("mlflow-artifacts:/", "/api/2.0/mlflow-artifacts/artifacts/");
  for (const [method, body] of [["PUT", "x"], ["DELETE"]] as const) {
    const answer = await mlflow.raw(method, `${path}/c.bin`, body);
    expect([answer.status, answer.json.error_code]).toEqual([400, "INVALID_PARAMETER_VALUE"]);
  }
});
