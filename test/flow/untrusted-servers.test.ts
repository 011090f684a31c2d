import { createServer, type RequestListener, type Server, type ServerResponse } from "node:http";
import { afterEach, expect, test } from "vitest";
import { type Client, makeClient } from "../../src/client/client.ts";
import type { ModelyardError } from "../../src/contract/errors.ts";
import { importServer } from "../../src/flow/mlflow/import-server.ts";
import { mlflowServer } from "../../src/flow/mlflow/server.ts";
import { getWeb } from "../../src/flow/web.ts";

const servers: Server[] = [];
afterEach(() => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    server.close();
  }
});

async function serve(answer: RequestListener): Promise<string> {
  const server = createServer(answer);
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return `http://127.0.0.1:${(server.address() as { port: number }).port}`;
}

const web = { fetch, patienceMs: 300 };
const refusalOf = (work: Promise<unknown>) =>
  work.then(
    () => "it was read",
    ({ code, message }: ModelyardError) => `${code}: ${message}`,
  );

test.each<[string, (response: ServerResponse) => void, RegExp]>([
  ["never answers", () => {}, /source-unreadable: .*does not answer in time/],
  ["stops in the middle", (response) => response.write("{"), /source-unreadable: .*does not answer in time/],
  [
    "sends without end",
    (response) => void setInterval(() => response.write("x".repeat(1000)), 1).unref(),
    /sends more than 5000 bytes/,
  ],
  [
    "breaks off",
    (response) => response.writeHead(200, { "content-length": 100 }).write("x", () => response.destroy()),
    /source-unreadable: .*the connection broke/,
  ],
])("a server that %s is given up with a reason", async (_, behave, refusal) => {
  const url = await serve((_request, response) => behave(response));
  expect(await refusalOf(getWeb(web, url).then((answer) => answer.text(5000)))).toMatch(refusal);
});

test("an interruption stays one, also while a server is waited for", async () => {
  const url = await serve(() => {});
  const controller = new AbortController();
  const waiting = getWeb({ fetch, signal: controller.signal }, url);
  controller.abort();
  await expect(waiting).rejects.toMatchObject({ name: "AbortError" });
});

test("nobody listens, no such address, a password in it: each has its reason", async () => {
  const url = await serve(() => {});
  servers[0]?.close();
  expect(await refusalOf(getWeb(web, url))).toMatch(/nothing listens there/);
  expect(await refusalOf(getWeb(web, "http://"))).toMatch(/is no address|it is no address/);
  const refusal = await refusalOf(getWeb(web, "http://me:secret@127.0.0.1/x?token=secret"));
  expect(refusal).toMatch(/^source-unreadable: http:\/\/127.0.0.1\/x cannot be read: the address holds a password/);
  expect(refusal).not.toContain("secret");
});

/** An MLflow server with one version, whose artifacts are as given;. */
function hostile(artifacts: RequestListener): Promise<string> {
  const json = (response: ServerResponse, value: unknown) => response.end(JSON.stringify(value));
  return serve((request, response) => {
    const { pathname } = new URL(request.url ?? "", "http://x");
    const known: Record<string, unknown> = {
      "registered-models/get": { registered_model: { name: "m" } },
      "model-versions/search": { model_versions: [{ name: "m", version: "1", creation_timestamp: 1 }] },
      "model-versions/get-download-uri": { artifact_uri: "mlflow-artifacts:/1/model" },
    };
    const value = known[pathname.replace("/api/2.0/mlflow/", "")];
    if (value === undefined) artifacts(request, response);
    else json(response, value);
  });
}

const importFrom = (url: string, client: Client) =>
  importServer(
    mlflowServer(web, url, "Bearer secret"),
    { models: ["m"], moveAliases: false, allowUnsafe: false },
    { client, tell: () => {}, uploads: {} },
  );

/** Takes bytes and says that nothing is registered; a registration fails the test. */
async function receiver(): Promise<Client> {
  const url = await serve((request, response) => {
    const isUpload = request.url === "/api/v1/blobs" && request.method === "POST";
    const isList = request.method === "GET";
    request.resume().on("end", () => {
      response.writeHead(isUpload || isList ? 200 : 500, { "content-type": "application/json" });
      response.end(JSON.stringify(isUpload ? { digest: "0".repeat(64), size: 3 } : { items: [], nextPageToken: null }));
    });
  });
  return makeClient({ url, token: undefined, fetch });
}

const listing =
  (files: unknown[]): RequestListener =>
  (_request, response) =>
    response.end(JSON.stringify({ files }));

test.each<[string, RequestListener, RegExp]>([
  ["lists a path out of the folder", listing([{ path: "..", file_size: 1 }]), /"?unsafe-path/],
  ["lists a name with a backslash", listing([{ path: "..\\x", file_size: 1 }]), /unsafe-path/],
  [
    "lists one file twice",
    listing([
      { path: "a", file_size: 1 },
      { path: "b/a", file_size: 1 },
    ]),
    /unsafe-path/,
  ],
  [
    "lists folders in folders without end",
    listing([
      { path: "a", is_dir: true },
      { path: "b", is_dir: true },
    ]),
    /more than 10000 files and folders|unsafe-path/,
  ],
  ["is no JSON", (_request, response) => response.end("<html>"), /source-unreadable: .*is no MLflow server/],
  [
    "answers other members",
    (_request, response) => response.end('{"files": {"a": 1}}'),
    /does not answer as MLflow does/,
  ],
  [
    "sends more than it lists",
    (request, response) =>
      request.url?.includes("?") ? response.end('{"files": [{"path": "a", "file_size": 1}]}') : response.end("three"),
    /sends more than 1 bytes/,
  ],
  [
    "sends less than it lists",
    (request, response) =>
      request.url?.includes("?") ? response.end('{"files": [{"path": "a", "file_size": 9}]}') : response.end("six"),
    /source-unreadable: a cannot be read: it has 3 of 9 bytes/,
  ],
  [
    "points to another server",
    (_request, response) => response.writeHead(302, { location: "http://elsewhere.example/" }).end(),
    /points to http:\/\/elsewhere.example; name that server instead/,
  ],
  [
    "points to a file",
    (_request, response) => response.writeHead(302, { location: "file:///etc/passwd" }).end(),
    /source-unreadable: .*points to/,
  ],
])("a server that %s is refused before anything is registered", async (_, artifacts, refusal) => {
  const url = await hostile(artifacts);
  const outcome = await importFrom(url, await receiver()).then(
    ({ failed }) => failed.map(({ error }) => error.code).join(),
    ({ code, message }: ModelyardError) => `${code}: ${message}`,
  );
  expect(outcome).toMatch(refusal);
});
