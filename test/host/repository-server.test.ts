import { execFile } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, expect, it } from "vitest";
import { tritonEnvironment } from "../python-environment.ts";
import { startServer, type TestServer } from "../server.ts";
import { onnxFixtures } from "./engines-fixture.ts";

const run = promisify(execFile);
let server: TestServer;
let program: string;
let key: string;
const tokens: Record<string, string> = {};

beforeAll(async () => {
  program = await tritonEnvironment();
  server = await startServer();
  const bytes = readFileSync(join(onnxFixtures, "digits-float32.onnx"));
  const { digest, size } = await server.client.uploadBlob({}, { body: bytes });
  await server.client.registerModel({ name: "digits", files: [{ path: "digits.onnx", digest, size }] });
  await server.client.deployService({ name: "digits", models: ["digits"] });
  key = (await server.client.getServiceKeys({ name: "digits" })).primary;
  for (const role of ["reader", "contributor"] as const)
    tokens[role] = (await server.client.createToken({ role, name: role })).token;
});
afterAll(() => server.remove());

/** Runs the code once with the client of each door; gives the two results. */
async function bothDoors<Result>(code: string, secret: string | undefined): Promise<Result[]> {
  const { scoringUrl, grpc } = JSON.parse(readFileSync(join(server.home, "host", "host.json"), "utf8"));
  const prelude = (door: string, address: string) => `
import json, sys
import tritonclient.${door} as triton
from tritonclient.utils import InferenceServerException
secret = json.load(sys.stdin)
headers = {} if secret is None else {"authorization": "Bearer " + secret}
client = triton.InferenceServerClient("${address}")
def attempt(call, **more):
    try:
        call("digits", headers=dict(headers), **more)
        return "done"
    except InferenceServerException as error:
        return error.status() + " " + error.message()
`;
  const results: Result[] = [];
  // one after the other: a service takes one change at a time
  for (const begin of [prelude("http", new URL(scoringUrl).host), prelude("grpc", grpc)]) {
    const running = run(program, ["-c", `${begin}\n${code}\nprint(json.dumps(result))`]);
    running.child.stdin?.end(JSON.stringify(secret ?? null));
    results.push(JSON.parse((await running).stdout) as Result);
  }
  return results;
}
const stateNow = async () => (await server.client.getService({ name: "digits" })).state;
const load = "result = attempt(client.load_model)";
const unload = "result = attempt(client.unload_model)";

it("with a key of the service what is loaded is loaded; a change takes a contributor's token", async () => {
  expect(await bothDoors(load, key)).toEqual(["done", "done"]);
  const refused = await bothDoors<string>(unload, key);
  expect(refused[0]).toMatch(/^403 .*it takes contributor/);
  expect(refused[1]).toMatch(/^StatusCode.PERMISSION_DENIED .*it takes contributor/);
  expect((await bothDoors<string>(unload, undefined)).map((told) => told.split(" ")[0])).toEqual([
    "401",
    "StatusCode.UNAUTHENTICATED",
  ]);
  const unknown = await bothDoors<string>(
    'result = attempt(lambda name, **more: client.load_model("nix", **more))',
    key,
  );
  expect(unknown.map((told) => told.split(" ")[0])).toEqual(["404", "StatusCode.NOT_FOUND"]);
  expect((await bothDoors<string>(unload, tokens.reader))[0]).toMatch(/^403 The role reader may not use stop-service/);
  expect((await bothDoors<string>(unload, "my_nobody"))[1]).toMatch(/^StatusCode.UNAUTHENTICATED/);
  expect(await stateNow()).toBe("ready");
});

it("a contributor's token stops and starts the service, by name alone, in its own name", async () => {
  expect(await bothDoors(unload, tokens.contributor)).toEqual(["done", "done"]);
  expect(await stateNow()).toBe("stopped");
  expect(await bothDoors(`${load}, client.is_model_ready("digits")`, tokens.contributor)).toEqual([
    ["done", true],
    ["done", true],
  ]);
  expect(await stateNow()).toBe("ready");
  const { items } = await server.client.getServiceHistory({ name: "digits" });
  expect(items.map(({ action, by }) => [action, by])).toContainEqual(["stop", "contributor"]);
  expect((await bothDoors<string>(`result = attempt(client.load_model, config="{}")`, tokens.contributor))[0]).toMatch(
    /^400 .*service update digits/,
  );
});

it("the token is kept nowhere, and without the server nothing is changed: 503", async () => {
  expect(readFileSync(join(server.home, "host", "wanted.json"), "utf8")).toContain(`"server":"${server.url}"`);
  for (const file of ["host/wanted.json", "logs/host.log"])
    expect(readFileSync(join(server.home, file), "utf8")).not.toContain(tokens.contributor);
  await server.kill("SIGTERM");
  const refused = await bothDoors<string>(unload, tokens.contributor);
  expect(refused[0]).toMatch(/^503 No Modelyard server answers at/);
  expect(refused[1]).toMatch(/^StatusCode.UNAVAILABLE No Modelyard server answers at/);
  expect(await bothDoors(load, key)).toEqual(["done", "done"]);
});
