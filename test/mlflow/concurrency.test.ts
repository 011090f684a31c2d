import { afterAll, beforeAll, expect, test } from "vitest";
import { type MlflowClient, mlflowClient } from "./mlflow-client.ts";

let mlflow: MlflowClient;
beforeAll(async () => {
  mlflow = await mlflowClient();
});
afterAll(() => mlflow.remove());

test("8 threads that register 5 times each under one new name get exactly 1 to 40", async () => {
  const result = await mlflow.python<{ made: string[]; versions: number[] }>(`
from concurrent.futures import ThreadPoolExecutor
import threading
together = threading.Barrier(8)
def five(thread):
    together.wait()
    made = refused(client.create_registered_model, "crowd")
    return made, [int(client.create_model_version("crowd", "s3://bucket/%d/%d" % (thread, n)).version) for n in range(5)]
with ThreadPoolExecutor(8) as pool:
    done = list(pool.map(five, range(8)))
result = dict(made=sorted(made for made, _ in done), versions=sorted(v for _, versions in done for v in versions))
`);
  expect(result.made).toEqual([...Array(7).fill("RESOURCE_ALREADY_EXISTS"), "not refused"].sort());
  expect(result.versions).toEqual(Array.from({ length: 40 }, (_, index) => index + 1));
});

test("8 threads that log and register one model at once store its bytes once and all get a version that loads", async () => {
  const result = await mlflow.python<{ versions: number[]; loads: boolean[] }>(`
from concurrent.futures import ThreadPoolExecutor
class Echo(mlflow.pyfunc.PythonModel):
    def predict(self, context, model_input):
        return model_input
def log(n):
    return int(mlflow.pyfunc.log_model(name="echo%d" % n, python_model=Echo(), registered_model_name="echoes", pip_requirements=[]).registered_model_version)
with ThreadPoolExecutor(8) as pool:
    versions = sorted(pool.map(log, range(8)))
result = dict(versions=versions, loads=[mlflow.pyfunc.load_model("models:/echoes/%d" % v).predict([1]) == [1] for v in versions])
`);
  expect(result).toEqual({ versions: [1, 2, 3, 4, 5, 6, 7, 8], loads: Array(8).fill(true) });
});

test("versions that go into Production at once and archive the others leave exactly one there", async () => {
  const result = await mlflow.python<{ production: string[]; archived: number }>(`
from concurrent.futures import ThreadPoolExecutor
client.create_registered_model("race")
for n in range(16):
    client.create_model_version("race", "s3://bucket/%d" % n)
with ThreadPoolExecutor(8) as pool:
    list(pool.map(lambda v: client.transition_model_version_stage("race", str(v), "Production", archive_existing_versions=True), range(1, 17)))
stages = {v.version: v.current_stage for v in client.search_model_versions("name = 'race'")}
result = dict(production=[v for v, stage in stages.items() if stage == "Production"], archived=sum(stage == "Archived" for stage in stages.values()))
`);
  expect(result.production).toHaveLength(1);
  expect(result.archived).toBe(15);
});
