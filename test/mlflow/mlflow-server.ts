import { type ChildProcess, spawn } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { freePort } from "../free-port.ts";
import { mlflowEnvironment } from "../python-environment.ts";

/** MLflow's own server on SQLite and a folder, which serves its artifacts itself. */
export interface MlflowServerProcess {
  url: string;
  /** Runs Python in which `mlflow`, `client` and `model` (an iris classifier with its data `X`) are there. */
  python(code: string): Promise<void>;
  remove(): Promise<void>;
}

const prelude = `
import warnings
warnings.filterwarnings("ignore")
import mlflow
from mlflow import MlflowClient
from sklearn.datasets import load_iris
from sklearn.linear_model import LogisticRegression
client = MlflowClient()
X, y = load_iris(return_X_y=True)
model = LogisticRegression(max_iter=500).fit(X, y)
needs = dict(pip_requirements=["scikit-learn==1.7.2"])
`;

export async function startMlflowServer(): Promise<MlflowServerProcess> {
  const [program, folder, port] = [
    await mlflowEnvironment(),
    await mkdtemp(join(tmpdir(), "mlflow-")),
    await freePort(),
  ];
  const url = `http://127.0.0.1:${port}`;
  const env = {
    ...process.env,
    MLFLOW_TRACKING_URI: url,
    MLFLOW_DISABLE_TELEMETRY: "true",
    GIT_PYTHON_REFRESH: "quiet",
  };
  const args = ["-m", "mlflow", "server", "--host", "127.0.0.1", "--port", String(port), "--workers", "1"];
  const stores = [
    "--backend-store-uri",
    `sqlite:///${folder}/mlflow.db`,
    "--artifacts-destination",
    join(folder, "files"),
  ];
  // a group of its own: the server starts processes that do not end with it
  const child = spawn(program, [...args, ...stores, "--serve-artifacts"], {
    env,
    cwd: folder,
    detached: true,
    stdio: ["ignore", "ignore", "pipe"],
  });
  let output = "";
  child.stderr?.on("data", (chunk) => {
    output = (output + chunk).slice(-10_000);
  });
  await waitUntilHealthy(url, child, () => output);
  return {
    url,
    python: (code) => runPython(program, `${prelude}\n${code}`, env),
    async remove() {
      const ended = new Promise((resolve) => child.once("exit", resolve));
      if (child.exitCode === null && child.pid !== undefined) {
        process.kill(-child.pid, "SIGTERM");
        await ended;
      }
      await rm(folder, { recursive: true, force: true, maxRetries: 5 });
    },
  };
}

async function waitUntilHealthy(url: string, child: ChildProcess, output: () => string): Promise<void> {
  for (let waited = 0; waited < 120_000 && child.exitCode === null; waited += 200) {
    const answer = await fetch(`${url}/health`).catch(() => undefined);
    if (answer?.ok) return;
    await sleep(200);
  }
  throw new Error(`mlflow server did not start:\n${output()}`);
}

function runPython(program: string, code: string, env: NodeJS.ProcessEnv): Promise<void> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, ["-c", code], { env, stdio: ["ignore", "ignore", "pipe"] });
    let output = "";
    child.stderr.on("data", (chunk) => {
      output += chunk;
    });
    child.once("close", (exit) =>
      exit === 0 ? resolve() : reject(new Error(`Python ended with ${exit}:\n${output}`)),
    );
  });
}
