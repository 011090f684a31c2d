import { afterAll, beforeAll, expect, test } from "vitest";
import { type MlflowClient, mlflowClient } from "./mlflow-client.ts";

let mlflow: MlflowClient;
beforeAll(async () => {
  mlflow = await mlflowClient();
});
afterAll(() => mlflow.remove());

test("experiments: the default one stands; others are made, renamed, tagged, deleted, restored and searched", async () => {
  const result = await mlflow.python(`
first = client.create_experiment("one", tags={"team": "a"})
again = refused(client.create_experiment, "one")
client.rename_experiment(first, "uno")
client.set_experiment_tag(first, "k", "v")
shown = client.get_experiment_by_name("uno")
client.delete_experiment(first)
deleted = [client.get_experiment(first).lifecycle_stage, refused(client.create_run, first)]
names = lambda **more: [e.name for e in client.search_experiments(**more)]
without = names()
from mlflow.entities import ViewType
gone = names(view_type=ViewType.DELETED_ONLY)
client.restore_experiment(first)
result = dict(default=client.get_experiment("0").name, first=first, again=again, shown=[shown.name, shown.tags, shown.artifact_location],
  deleted=deleted, without=without, gone=gone, back=names(order_by=["name DESC"]), tagged=names(filter_string="tags.team = 'a'"),
  absent=client.get_experiment_by_name("nobody"), unknown=refused(client.get_experiment, "99"))
`);
  expect(result).toEqual({
    default: "Default",
    first: "1",
    again: "RESOURCE_ALREADY_EXISTS",
    shown: ["uno", { team: "a", k: "v" }, "mlflow-artifacts:/1"],
    deleted: ["deleted", "INVALID_PARAMETER_VALUE"],
    without: ["Default"],
    gone: ["uno"],
    back: ["uno", "Default"],
    tagged: ["uno"],
    absent: null,
    unknown: "RESOURCE_DOES_NOT_EXIST",
  });
});

test("runs: params, metrics with their history, not-a-number and infinity, tags, data and state", async () => {
  const result = await mlflow.python(`
import numpy
mlflow.set_experiment("runs")
with mlflow.start_run(run_name="named") as run:
    mlflow.log_params({"a": 1, "b": "x" * 5000})
    for step in range(5):
        mlflow.log_metric("loss", 1.0 / (step + 1), step=step)
    mlflow.log_metric("nan", float("nan")); mlflow.log_metric("inf", float("inf")); mlflow.log_metric("minus", float("-inf"))
    mlflow.set_tag("kind", "test")
    mlflow.log_input(mlflow.data.from_numpy(numpy.zeros((3, 2)), name="zeros"), context="training")
id = run.info.run_id
changed = refused(client.log_param, id, "a", 2)
same = refused(client.log_param, id, "a", 1)
client.delete_tag(id, "kind")
absent = refused(client.delete_tag, id, "kind")
got = client.get_run(id)
data = got.inputs.dataset_inputs[0]
client.delete_run(id)
deleted = [client.get_run(id).info.lifecycle_stage, refused(client.set_tag, id, "x", "y")]
client.restore_run(id)
unnamed = client.create_run("0")
result = dict(name=got.info.run_name, status=got.info.status, ended=got.info.end_time >= got.info.start_time, params=[got.data.params["a"], len(got.data.params["b"])],
  metrics={k: repr(v) for k, v in got.data.metrics.items()}, history=[(m.step, m.value) for m in client.get_metric_history(id, "loss")],
  data=[data.dataset.name, data.tags[0].value], changed=changed, same=same, absent=absent, deleted=deleted, unknown=refused(client.get_run, "0" * 32),
  bad=[refused(client.log_metric, id, "a//b", 1), refused(client.log_metric, id, "../x", 1)], named=len(unnamed.info.run_name) > 5)
`);
  expect(result).toEqual({
    name: "named",
    status: "FINISHED",
    ended: true,
    params: ["1", 5000],
    metrics: { loss: "0.2", nan: "nan", inf: "inf", minus: "-inf" },
    history: [
      [0, 1],
      [1, 0.5],
      [2, 1 / 3],
      [3, 0.25],
      [4, 0.2],
    ],
    data: ["zeros", "training"],
    changed: "INVALID_PARAMETER_VALUE",
    same: "not refused",
    absent: "RESOURCE_DOES_NOT_EXIST",
    deleted: ["deleted", "INVALID_PARAMETER_VALUE"],
    unknown: "RESOURCE_DOES_NOT_EXIST",
    bad: ["INVALID_PARAMETER_VALUE", "INVALID_PARAMETER_VALUE"],
    named: true,
  });
});

test("runs and logged models are searched by metrics, params, tags and attributes, ordered and paged", async () => {
  const result = await mlflow.python(`
experiment = mlflow.set_experiment("searched").experiment_id
for n in range(5):
    with mlflow.start_run(run_name="run-%d" % n):
        mlflow.log_metric("score", n / 10)
        mlflow.log_metric("a metric", n)
        mlflow.log_param("p", "odd" if n % 2 else "even")
        mlflow.set_tag("any key", str(n))
        model = mlflow.initialize_logged_model(name="m%d" % n, model_type="agent", params={"n": str(n)})
        mlflow.log_metric("quality", n, model_id=model.model_id)
        mlflow.finalize_logged_model(model.model_id, "READY")
with mlflow.start_run(run_name="empty"):
    pass
runs = lambda f="", **more: [r.info.run_name for r in client.search_runs([experiment], f, **more)]
models = lambda f=None, **more: [m.name for m in mlflow.search_logged_models(experiment_ids=[experiment], filter_string=f, output_format="list", **more)]
up = ["metrics.score ASC"]
pages, token = [], None
while True:
    page = client.search_runs([experiment], order_by=["metrics.score DESC"], max_results=4, page_token=token)
    pages.append([r.info.run_name for r in page]); token = page.token
    if not token: break
result = dict(
  above=runs("metrics.score > 0.2", order_by=up), both=runs("params.p = 'odd' and metrics.score >= 0.2", order_by=up),
  tag=runs("tags.\`any key\` = '3'"), quoted=runs('metrics."a metric" <= 1', order_by=up), like=runs("attributes.run_name LIKE 'run-%'", order_by=["attributes.run_name DESC"]),
  status=len(runs("status = 'FINISHED'")), newest=runs(max_results=1), pages=pages,
  models=models("metrics.quality > 2", order_by=[{"field_name": "metrics.quality", "ascending": False}]), by_name=models("name = 'm1'"), by_param=models("params.n = '4'"),
  refused=[refused(client.search_runs, [experiment], f) for f in ("metrics.score > 'x'", "nobody.x = 1", "nothing = 'x'", "metrics.score", "a OR b", "params.p = 3")])
`);
  const order = ["run-4", "run-3", "run-2", "run-1", "run-0", "empty"];
  expect(result).toEqual({
    above: ["run-3", "run-4"],
    both: ["run-3"],
    tag: ["run-3"],
    quoted: ["run-0", "run-1"],
    like: order.slice(0, 5),
    status: 6,
    newest: ["empty"],
    pages: [order.slice(0, 4), order.slice(4)],
    models: ["m4", "m3"],
    by_name: ["m1"],
    by_param: ["m4"],
    refused: Array(6).fill("INVALID_PARAMETER_VALUE"),
  });
});

test("autolog of scikit-learn works: parameters, metrics, data and the model come by themselves", async () => {
  const result = await mlflow.python(`
from sklearn.datasets import load_iris
from sklearn.linear_model import LogisticRegression
mlflow.set_experiment("auto")
mlflow.sklearn.autolog(registered_model_name="auto")
X, y = load_iris(return_X_y=True)
with mlflow.start_run() as run:
    LogisticRegression(max_iter=500).fit(X, y)
got = client.get_run(run.info.run_id)
result = dict(params=got.data.params["max_iter"], metric="training_accuracy_score" in got.data.metrics, data=len(got.inputs.dataset_inputs),
  files=sorted(f.path for f in client.list_artifacts(run.info.run_id) if f.path.endswith(".png"))[:1], versions=[v.version for v in client.search_model_versions("name = 'auto'")])
`);
  expect(result).toMatchObject({ params: "500", metric: true, data: 1, versions: ["1"] });
});
