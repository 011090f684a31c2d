import { execFile } from "node:child_process";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type CommandLine, commandLine } from "../command-line.ts";
import { mlflowEnvironment } from "../python-environment.ts";

let line: CommandLine;
let python: string;
beforeAll(async () => {
  [line, python] = await Promise.all([commandLine(), mlflowEnvironment()]);
});
afterAll(() => line.remove());

const run = promisify(execFile);

interface Service {
  models: string[];
  revision: number;
}

/** What guide/mlflow.md tells an MLflow user to do, on a server of its own. */
async function asMlflowUser(args: string[]): Promise<string> {
  const { url } = JSON.parse(await readFile(join(line.home, "modelyard", "run", "server.json"), "utf8")) as {
    url: string;
  };
  const env = {
    ...process.env,
    MLFLOW_TRACKING_URI: url,
    MLFLOW_TRACKING_TOKEN: token,
    MLFLOW_HTTP_REQUEST_MAX_RETRIES: "1",
    MLFLOW_DISABLE_TELEMETRY: "true",
    GIT_PYTHON_REFRESH: "quiet",
  };
  return (await run(python, args, { env })).stdout;
}
let token = "";

const rows = [
  [5.1, 3.5, 1.4, 0.2],
  [6.7, 3.0, 5.2, 2.3],
  [6.0, 2.7, 4.2, 1.1],
];
const request = JSON.stringify({ data: rows, method: "predict_proba" });
const probabilities = async (): Promise<number[][]> =>
  JSON.parse((await line.json<{ answer: string }>(["service", "invoke", "iris", "--data", request])).answer);
const loadedBy = async (uri: string): Promise<number[][]> =>
  JSON.parse(
    await asMlflowUser([
      "-c",
      `import json, mlflow; print(json.dumps(mlflow.sklearn.load_model("${uri}").predict_proba(${JSON.stringify(rows)}).tolist()))`,
    ]),
  );

/** A compiled model adds up in another order than numpy. */
function same(found: number[][], wanted: number[][]): void {
  expect(found.map((row) => row.length)).toEqual(wanted.map((row) => row.length));
  found.flat().forEach((value, place) => {
    expect(value).toBeCloseTo(wanted.flat()[place] ?? Number.NaN, 12);
  });
}

// An environment is installed and MLflow starts its own Pythons: minutes on a busy machine.
const patience = { timeout: 600_000 };

test(
  "an MLflow user trains, registers, deploys the champion, and moves the alias: nothing live changes until the update",
  patience,
  async () => {
    expect((await line.run(["server", "start"])).code).toBe(0);
    token = (await line.json<{ token: string }>(["token", "create", "--role", "contributor"])).token;
    expect(await asMlflowUser(["examples/iris-mlflow/train.py"])).toContain("iris version 1 is champion");

    expect((await line.run(["service", "deploy", "iris", "--model", "iris@champion"])).stderr).not.toContain("Error");
    expect(await line.json<Service>(["service", "show", "iris"])).toMatchObject({ models: ["iris:1"], revision: 1 });
    const first = await probabilities();
    same(first, await loadedBy("models:/iris/1"));

    expect(await asMlflowUser(["examples/iris-mlflow/train.py", "0.01"])).toContain("iris version 2 is champion");
    expect(await line.json(["model", "show", "iris@champion"])).toMatchObject({ version: 2 });
    expect(await line.json<Service>(["service", "show", "iris"])).toMatchObject({ models: ["iris:1"], revision: 1 });
    expect(await probabilities()).toEqual(first);

    expect((await line.run(["service", "update", "iris", "--model", "iris@champion"])).code).toBe(0);
    expect(await line.json<Service>(["service", "show", "iris"])).toMatchObject({ models: ["iris:2"], revision: 2 });
    const second = await probabilities();
    expect(second).not.toEqual(first);
    same(second, await loadedBy("models:/iris@champion"));
  },
);

test("the version that runs cannot be deleted by the MLflow client, which is told why", async () => {
  const code = `
from mlflow import MlflowClient
from mlflow.exceptions import MlflowException
try:
    MlflowClient().delete_model_version("iris", "2")
except MlflowException as error:
    print(error.error_code, error.message)
`;
  expect(await asMlflowUser(["-c", code])).toMatch(/^RESOURCE_CONFLICT .*iris:2 is in use by iris/);
});
