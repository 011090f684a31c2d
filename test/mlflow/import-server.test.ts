import { afterAll, beforeAll, expect, test } from "vitest";
import { importSource, type WantedImport } from "../../src/flow/import/import-source.ts";
import { cli } from "../cli/run-cli.ts";
import { startServer, type TestServer } from "../server.ts";
import { type MlflowServerProcess, startMlflowServer } from "./mlflow-server.ts";

let mlflow: MlflowServerProcess;
let server: TestServer;
beforeAll(async () => {
  [mlflow, server] = await Promise.all([startMlflowServer(), startServer()]);
  await mlflow.python(`
import math, os
for number in range(3):
    with mlflow.start_run() as run:
        mlflow.log_metrics({"accuracy": 0.9 + number / 100, "odd": math.nan})
        mlflow.set_tag("mlflow.source.git.repoURL", "https://me:secret@git.example/fraud.git")
        mlflow.sklearn.log_model(model, name="model", registered_model_name="fraud", input_example=X[:2], **needs)
client.delete_model_version("fraud", "1")
client.update_registered_model("fraud", description="Finds fraud")
client.set_registered_model_tag("fraud", "team", "risk")
client.set_registered_model_alias("fraud", "champion", "2")
client.set_model_version_tag("fraud", "2", "checked", "yes")
client.set_model_version_tag("fraud", "3", "long", "x" * 6000)
client.update_model_version("fraud", "2", description="The second")
client.transition_model_version_stage("fraud", "2", "Production")
client.create_registered_model("it's far", tags={"k": "v"})
client.create_model_version("it's far", "s3://bucket/models/far")
client.create_registered_model("empty", description="Nothing yet")
client.create_registered_model("no@name")
client.create_model_version("no@name", "s3://bucket/x")
mlflow.genai.register_prompt("a_prompt", "Say {{x}}")
`);
});
afterAll(() => Promise.all([mlflow.remove(), server.remove()]));

const run = (...args: string[]) =>
  cli(["model", "import", ...args], { MODELYARD_URL: server.url, MODELYARD_TOKEN: server.token });
const versionsOf = async (name: string) => (await server.client.listModels({ name, orderBy: "version ASC" })).items;

test("an import that is interrupted after a version goes on with the next one", async () => {
  const controller = new AbortController();
  const wanted: WantedImport = { source: mlflow.url, models: ["fraud"], moveAliases: false, allowUnsafe: false };
  const { signal } = controller;
  const work = importSource(wanted, {
    ...{ client: server.client, web: { fetch, signal }, env: {}, stdin: process.stdin, uploads: { signal } },
    tell: (message) => message.startsWith("fraud:2 is") && controller.abort(),
  });
  await expect(work).rejects.toThrow();
  expect((await versionsOf("fraud")).map(({ lineage }) => lineage.origin?.reference)).toEqual(["fraud:2"]);

  const rest = await run(mlflow.url, "--json");
  const result = JSON.parse(rest.stdout);
  expect(result).toMatchObject({
    kind: "mlflow-server",
    imported: expect.arrayContaining([
      { reference: "fraud:2", origin: "fraud:3", external: false },
      { reference: "it's far:1", origin: "it's far:1", external: true },
    ]),
    standing: [{ reference: "fraud:1", origin: "fraud:2" }],
    failed: [{ origin: "no@name", error: { code: "invalid-input" } }],
    notes: expect.arrayContaining([
      "the tag long of fraud:3 was cut to 5000 of 6000 letters",
      "empty has no version there; the model was made",
    ]),
  });
  expect(result.imported).toHaveLength(2);
  expect(rest.exitCode).toBe(2); // no@name was refused
});

test("a model that mlflow logged arrives with its files, tags, aliases, stage, run, metrics, signature and example", async () => {
  const second = await server.client.getModel({ name: "fraud", alias: "champion" });
  expect(second).toMatchObject({
    ...{
      version: 1,
      description: "The second",
      stage: "Production",
      tags: { checked: "yes" },
      metrics: { accuracy: 0.91 },
    },
    ...{ framework: "ScikitLearn", frameworkVersion: "1.7.2", external: false, createdBy: "admin" },
    source: expect.stringMatching(/^models:\/m-/),
    signature: { inputs: [{ type: "float64", shape: [null, 4] }] },
    sample: { input: expect.stringMatching(/^\{"data":\[\[5.1,/) },
    lineage: {
      runId: expect.stringMatching(/^[0-9a-f]{32}$/),
      gitRemote: "https://git.example/fraud.git",
      origin: { server: mlflow.url, reference: "fraud:2", createdAt: expect.any(Number) },
    },
  });
  expect(second.files.map(({ path }) => path)).toEqual(
    expect.arrayContaining(["MLmodel", "model.skops", "requirements.txt"]),
  );
  const models = new Map((await server.client.listModelNames({})).items.map((model) => [model.name, model]));
  expect([...models.keys()].sort()).toEqual(["empty", "fraud", "it's far"]);
  expect(models.get("fraud")).toMatchObject({ description: "Finds fraud", tags: { team: "risk" } });
  expect(models.get("it's far")).toMatchObject({ tags: { k: "v" } });
  expect(await server.client.getModel({ name: "it's far" })).toMatchObject({
    external: true,
    source: "s3://bucket/models/far",
  });
});

test("a later import brings only what is new", async () => {
  await mlflow.python(`
mlflow.sklearn.log_model(model, name="model", registered_model_name="fraud", **needs)
client.set_registered_model_alias("fraud", "champion", "4")
client.set_registered_model_alias("fraud", "challenger", "3")
`);
  const { stdout, stderr, exitCode } = await run("--from", "mlflow-server", mlflow.url, "--model", "fraud");
  expect([exitCode, stdout]).toEqual([0, "Imported fraud:3; 2 version(s) were here already\n"]);
  expect(stderr).toContain(
    "Note: fraud@champion stays at version 1; `modelyard model alias fraud champion 3` moves it",
  );
  expect((await server.client.getModel({ name: "fraud", alias: "challenger" })).version).toBe(2);
  const again = await run(mlflow.url, "--model", "fraud");
  expect(again.stdout).toBe("Nothing to do: 3 version(s) were here already\n");
  const renamed = await run(mlflow.url, "--model", "no@name", "--name", "a name", "--json");
  expect(JSON.parse(renamed.stdout)).toMatchObject({ imported: [{ reference: "a name:1", origin: "no@name:1" }] });
  expect(await run(mlflow.url, "--model", "nobody")).toMatchObject({
    exitCode: 2,
    stderr: expect.stringContaining("has no model nobody"),
  });
});

test("Modelyard's own MLflow door is a server to import from too, with its token from the environment", async () => {
  const wanted: WantedImport = {
    source: server.url,
    models: ["fraud"],
    name: "copy",
    moveAliases: false,
    allowUnsafe: false,
  };
  const ports = { client: server.client, web: { fetch }, tell: () => {}, stdin: process.stdin, uploads: {} };
  await expect(importSource(wanted, { ...ports, env: {} })).rejects.toMatchObject({
    code: "source-unreadable",
    message: expect.stringContaining("it answers 401; set MLFLOW_TRACKING_TOKEN"),
  });
  const result = await importSource(wanted, { ...ports, env: { MLFLOW_TRACKING_TOKEN: server.token } });
  expect(result.imported).toHaveLength(3);
  const digests = async (name: string) => (await versionsOf(name)).map(({ digest }) => digest);
  expect(await digests("copy")).toEqual(await digests("fraud"));
});
