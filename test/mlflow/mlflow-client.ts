import { request } from "node:http";
import { mlflowEnvironment } from "../python-environment.ts";
import { startServer, type TestServer } from "../server.ts";
import { type Snippets, startSnippets } from "./snippets.ts";

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

export async function mlflowClient(serverEnv: Record<string, string> = {}): Promise<MlflowClient> {
  const [server, program] = await Promise.all([startServer({ env: serverEnv }), mlflowEnvironment()]);
  let snippets: Promise<Snippets> | undefined;
  return {
    server,
    async python(code, env = {}) {
      snippets ??= startSnippets(program, {
        ...process.env,
        MLFLOW_TRACKING_URI: server.url,
        MLFLOW_TRACKING_TOKEN: server.token,
        MLFLOW_HTTP_REQUEST_MAX_RETRIES: "1",
        MLFLOW_HTTP_REQUEST_TIMEOUT: "20",
        MLFLOW_DISABLE_TELEMETRY: "true",
        GIT_PYTHON_REFRESH: "quiet",
      });
      const printed = await (await snippets).run(code, env);
      return JSON.parse(printed.trim().split("\n").at(-1) ?? "");
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
    async remove() {
      await (await snippets)?.end();
      await server.remove();
    },
  };
}

function asJson(text: string): Record<string, unknown> {
  try {
    return JSON.parse(text) as Record<string, unknown>;
  } catch {
    return {};
  }
}
