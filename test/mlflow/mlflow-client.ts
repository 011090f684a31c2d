import { spawn } from "node:child_process";
import { request } from "node:http";
import { mlflowEnvironment } from "../python-environment.ts";
import { startServer, type TestServer } from "../server.ts";

/** A server, and the real MLflow client that is pointed at its root URL. */
export interface MlflowClient {
  server: TestServer;
  /**
   * Runs Python in which `mlflow`, `MlflowClient`, `MlflowException`, `client`, `json` and `refused` are there; gives the JSON
   * of what the code leaves in `result`. Fails when the code does.
   */
  python<Result>(code: string, env?: Record<string, string>): Promise<Result>;
  /** One request as it is written, with the server's token. */
  raw(method: string, path: string, body?: unknown, headers?: Record<string, string>): Promise<Answer>;
  /** The status of a request whose path is sent as it is: fetch resolves `..` itself. */
  asWritten(method: string, path: string, body?: string): Promise<number>;
  remove(): Promise<void>;
}
export interface Answer {
  status: number;
  headers: Headers;
  text: string;
  json: Record<string, unknown>;
}

const prelude = `
import json, warnings
warnings.filterwarnings("ignore")
import mlflow
from mlflow import MlflowClient
from mlflow.exceptions import MlflowException
client = MlflowClient()
def refused(call, *args, **named):
    try:
        call(*args, **named)
    except MlflowException as error:
        return error.error_code
    return "not refused"
`;

export async function mlflowClient(serverEnv: Record<string, string> = {}): Promise<MlflowClient> {
  const [server, program] = await Promise.all([startServer({ env: serverEnv }), mlflowEnvironment()]);
  return {
    server,
    async python(code, env = {}) {
      const { stdout, stderr, exit } = await run(
        program,
        `${prelude}\n${code}\nprint("\\n" + json.dumps(result, default=list))`,
        {
          ...process.env,
          MLFLOW_TRACKING_URI: server.url,
          MLFLOW_TRACKING_TOKEN: server.token,
          MLFLOW_HTTP_REQUEST_MAX_RETRIES: "1",
          MLFLOW_HTTP_REQUEST_TIMEOUT: "20",
          MLFLOW_DISABLE_TELEMETRY: "true",
          GIT_PYTHON_REFRESH: "quiet",
          ...env,
        },
      );
      if (exit !== 0) throw new Error(`Python ended with ${exit}:\n${stdout}\n${stderr}`);
      return JSON.parse(stdout.trim().split("\n").at(-1) ?? "");
    },
    async raw(method, path, body, headers = {}) {
      const response = await fetch(`${server.url}${path}`, {
        method,
        headers: {
          authorization: `Bearer ${server.token}`,
          ...(body === undefined ? {} : { "content-type": "application/json" }),
          ...headers,
        },
        ...(body === undefined ? {} : { body: typeof body === "string" ? body : JSON.stringify(body) }),
      });
      const text = await response.text();
      return { status: response.status, headers: response.headers, text, json: asJson(text) };
    },
    asWritten(method, path, body) {
      const { hostname, port } = new URL(server.url);
      const headers = { authorization: `Bearer ${server.token}`, "content-type": "application/json" };
      return new Promise((resolve, reject) => {
        const sent = request({ hostname, port, path, method, headers });
        sent.once("error", reject);
        sent.once("response", (response) => {
          response.resume();
          resolve(response.statusCode ?? 0);
        });
        sent.end(body);
      });
    },
    remove: () => server.remove(),
  };
}

function asJson(text: string): Record<string, unknown> {
  try {
    return JSON.parse(text) as Record<string, unknown>;
  } catch {
    return {};
  }
}

function run(program: string, code: string, env: NodeJS.ProcessEnv) {
  return new Promise<{ stdout: string; stderr: string; exit: number | null }>((resolve) => {
    const child = spawn(program, ["-c", code], { env });
    let stdout = "";
    let stderr = "";
    child.stdout.on("data", (chunk) => {
      stdout += chunk;
    });
    child.stderr.on("data", (chunk) => {
      stderr += chunk;
    });
    child.once("close", (exit) => resolve({ stdout, stderr, exit }));
  });
}
