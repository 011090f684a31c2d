import { type ChildProcess, spawn } from "node:child_process";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { cli } from "../cli/run-cli.ts";
import { freePort } from "../free-port.ts";
import { errorOf } from "../refusals.ts";
import { score } from "../scripts.ts";
import { startServer, type TestServer } from "../server.ts";

const program = join(import.meta.dirname, "../host/fixtures/upstream.mjs");
let server: TestServer;
let other: ChildProcess;
let url: string;
beforeAll(async () => {
  const port = await freePort();
  url = `http://127.0.0.1:${port}`;
  other = spawn(process.execPath, [program, String(port)], { stdio: "ignore" });
  server = await startServer();
});
afterAll(async () => {
  other.kill();
  await server.remove();
});

const upstream = () => ({ url, score: "/sum" });
const rows = '{"data": [[1, 2, 3]]}';
async function ask(name: string) {
  const { scoringUri } = await server.client.getService({ name });
  return score(scoringUri, (await server.client.getServiceKeys({ name })).primary, rows);
}
async function register(text: string): Promise<string> {
  const { digest, size } = await server.client.uploadBlob({}, { body: Buffer.from(text) });
  return (await server.client.registerModel({ name: "weights", files: [{ path: "weights.json", digest, size }] }))
    .reference;
}

test("a server that runs already becomes a service with one call, without a model, and is recorded", async () => {
  const service = await server.client.deployService({ name: "chat", upstream: upstream(), sample: rows });
  expect(service).toMatchObject({ state: "ready", revision: 1, models: [], replicas: [{ state: "ready", pid: null }] });
  expect((await ask("chat")).text).toBe("[6.0]");
  expect(await server.client.invokeService({ name: "chat" })).toMatchObject({ status: 200, answer: "[6.0]" });
  const image = await server.client.getImage({ digest: service.image });
  expect(image).toMatchObject({
    engine: "http",
    engineReason: "a server of its own answers",
    python: null,
    models: [],
  });
  expect(image.manifest.upstream).toEqual({ url, score: "/sum", health: "/health" });
  await expect
    .poll(async () => (await server.client.listRecords({ service: "chat" })).items.map(({ status }) => status))
    .toEqual([200, 200]);
  const { items } = await server.client.getServiceHistory({ name: "chat" });
  expect(items.at(-1)?.differences).toEqual([{ what: "upstream", from: null, to: url }]);
});

test("while it is stopped, its key is told so at every path, and another key nothing", async () => {
  const { scoringUri } = await server.client.getService({ name: "chat" });
  const { primary } = await server.client.getServiceKeys({ name: "chat" });
  await server.client.stopService({ name: "chat" });
  const asked = async (path: string, key: string) => {
    const headers = { authorization: `Bearer ${key}` };
    const answer = await fetch(new URL(path, scoringUri), { method: "POST", headers, body: rows });
    return [answer.status, ((await answer.json()) as { error: { code: string } }).error.code];
  };
  for (const path of ["score", "v1/words", "ping", "metrics", "v2/models/chat/infer"]) {
    expect(await asked(path, primary), path).toEqual([503, "not-running"]);
    expect(await asked(path, "wrong"), path).toEqual([401, "unauthenticated"]);
  }
  await server.client.startService({ name: "chat" });
  expect((await ask("chat")).text).toBe("[6.0]");
});

test("an update moves it to another server, and a rollback back; one that does not answer changes nothing", async () => {
  const command = [process.execPath, program, "{port}"];
  const moved = await server.client.updateService({ name: "chat", upstream: { command, score: "/sum" } });
  expect(moved).toMatchObject({ changed: true, service: { revision: 2 } });
  expect(moved.differences).toEqual([
    {
      what: "upstream",
      from: `${url} (health /health, score /sum)`,
      to: `${command.join(" ")} (health /health, score /sum)`,
    },
  ]);
  expect((await ask("chat")).text).toBe("[6.0]");
  expect((await server.client.getService({ name: "chat" })).replicas[0]?.pid).toEqual(expect.any(Number));
  const nobody = `http://127.0.0.1:${await freePort()}`;
  expect(await errorOf(server.client.updateService({ name: "chat", upstream: { url: nobody } }))).toMatchObject({
    code: "revision-failed",
    message: expect.stringContaining("ECONNREFUSED"),
  });
  expect(
    await errorOf(server.client.updateService({ name: "chat", upstream: { ...upstream(), score: "/nothing" } })),
  ).toMatchObject({
    message: expect.stringContaining("The sample request was answered with 404"),
  });
  expect((await ask("chat")).text).toBe("[6.0]");
  await server.client.rollBackService({ name: "chat" });
  expect((await server.client.getService({ name: "chat" })).replicas).toMatchObject([{ pid: null }]);
  expect((await ask("chat")).text).toBe("[6.0]");
});

test("a command finds the model's files in its folder, and a new version of the model starts it anew", async () => {
  const command = [process.execPath, "-e", serveFile, "{port}", "{model}/weights.json"];
  await server.client.deployService({
    name: "weights",
    models: [await register("one")],
    upstream: { command, health: "/", score: "/" },
  });
  expect((await ask("weights")).text).toBe("one");
  const next = await register("two");
  await server.client.updateService({ name: "weights", models: [next] });
  expect((await ask("weights")).text).toBe("two");
  expect(await errorOf(server.client.deleteModel({ name: "weights", version: 2 }))).toMatchObject({
    code: "version-in-use",
  });
});

/** Answers every request with the bytes of a file. */
const serveFile =
  'const [port, file] = process.argv.slice(1); require("node:http").createServer((_, r) => r.end(require("node:fs").readFileSync(file))).listen(port, "127.0.0.1")';

test.each([
  ["no address", { url: "chat" }, "is an address such as http://"],
  ["another scheme", { url: "file:///etc/passwd" }, "is an address such as http://"],
  ["a password", { url: "http://user:secret@127.0.0.1" }, "holds no secrets"],
  ["a metadata service", { url: "http://169.254.169.254/latest" }, "link-local"],
  ["a metadata service in other digits", { url: "http://0xa9fea9fe/" }, "link-local"],
  ["a metadata service as IPv6", { url: "http://[::ffff:169.254.169.254]/" }, "link-local"],
  ["a metadata service by NAT64", { url: "http://[64:ff9b::169.254.169.254]/" }, "link-local"],
  ["both", { url: "http://127.0.0.1:1", command: ["x"] }, "has either url or command"],
  ["neither", {}, "has either url or command"],
  ["a health path that is none", { url: "http://127.0.0.1:1", health: "health" }, "is a path that begins with /"],
  ["a score path out of its place", { url: "http://127.0.0.1:1", score: "/a/../b" }, "has no segment . or .."],
  [
    "a score path out of it in other letters",
    { url: "http://127.0.0.1:1", score: "/%2E./b?c" },
    "has no segment . or ..",
  ],
  ["a path with a fragment", { url: "http://127.0.0.1:1", score: "/a#b" }, "has no #"],
  ["a relative file", { url: "http://127.0.0.1:1", authorizationFile: "secret" }, "is an absolute path"],
])("refuses an upstream with %s", async (_, wrong, words) => {
  expect(await errorOf(server.client.buildImage({ models: [], upstream: wrong }))).toMatchObject({
    code: "invalid-input",
    message: expect.stringContaining(words),
  });
});

test("refuses what belongs to Python beside it, and nothing at all", async () => {
  expect(await errorOf(server.client.buildImage({ upstream: upstream(), requirements: "numpy" }))).toMatchObject({
    message: expect.stringContaining("cannot be given together with requirements"),
  });
  expect(await errorOf(server.client.buildImage({}))).toMatchObject({
    message: expect.stringContaining("--model REF"),
  });
});

describe("a change that waits for a server whose health never comes", () => {
  const silent = { command: [process.execPath, "-e", "setInterval(() => {}, 1000)", "{port}"] as string[] };
  const begun = (name: string, revision: number) =>
    expect
      .poll(() =>
        server.client.getServiceLogs({ name, revision }).then(
          () => true,
          () => false,
        ),
      )
      .toBe(true);

  test.each([
    "delete",
    "stop",
  ] as const)("is ended by a %s, and nothing of a first deployment stays", async (action) => {
    const name = `never-${action}`;
    const deploy = errorOf(server.client.deployService({ name, upstream: silent }));
    await begun(name, 1);
    const told = { code: "change-ended", message: expect.stringContaining(`A ${action} by admin ended`) };
    if (action === "delete") expect(await server.client.deleteService({ name })).toEqual({ name });
    else expect(await errorOf(server.client.stopService({ name }))).toMatchObject(told);
    expect(await deploy).toMatchObject(told);
    expect(await errorOf(server.client.getService({ name }))).toMatchObject({ code: "service-not-found" });
    expect(await server.client.deployService({ name, upstream: upstream() })).toMatchObject({ state: "ready" });
  });

  test.each([
    ["left", [], (stderr: string) => stderr],
    ["left-json", ["--json"], (stderr: string) => (JSON.parse(stderr) as { error: { fix: string } }).error.fix],
  ])("goes on when its command is interrupted, which says what ends it: %s", async (name, flags, fixOf) => {
    const interrupt = new AbortController();
    const silence = ["--command", `${process.execPath} -e "setInterval(() => {}, 1000)"`];
    const env = { MODELYARD_URL: server.url, MODELYARD_TOKEN: server.token };
    const run = cli(["service", "deploy", name, ...silence, ...flags], env, "", undefined, interrupt.signal);
    await begun(name, 1);
    interrupt.abort();
    const { exitCode, stderr } = await run;
    expect([exitCode, fixOf(stderr)]).toEqual([
      130,
      expect.stringContaining(`\`modelyard service delete ${name}\` ends the deployment`),
    ]);
    expect(await server.client.deleteService({ name })).toEqual({ name });
  });

  test("is ended by a stop while an old revision serves, which comes back as it was", async () => {
    const name = "updated";
    await server.client.deployService({ name, upstream: upstream() });
    const update = errorOf(server.client.updateService({ name, upstream: silent }));
    await begun(name, 2);
    expect((await ask(name)).text).toBe("[6.0]");
    expect(await server.client.stopService({ name })).toMatchObject({ state: "stopped", revision: 1 });
    expect(await update).toMatchObject({ code: "change-ended" });
    expect(await server.client.startService({ name })).toMatchObject({ state: "ready", revision: 1 });
    expect((await ask(name)).text).toBe("[6.0]");
  });
});
