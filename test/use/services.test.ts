import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { makeClient } from "../../src/client/client.ts";
import { errorOf } from "../refusals.ts";
import { deployScript, echoScript, score, script, smallModel } from "../scripts.ts";
import { startServer, type TestServer } from "../server.ts";

let server: TestServer;
beforeAll(async () => {
  server = await startServer();
});
afterAll(() => server.remove());

test("a script is served with its model, behind two keys that are regenerated apart", async () => {
  const { scoringUri } = await deployScript(server, "echo", echoScript);
  const { primary, secondary } = await server.client.getServiceKeys({ name: "echo" });
  const expected = '{"model":"echo model","got":[1]}';
  expect(await score(scoringUri, primary, "[1]")).toMatchObject({ status: 200, text: expected });
  expect(await score(scoringUri, secondary, "[1]")).toMatchObject({ status: 200, text: expected });
  expect((await score(scoringUri, undefined, "[1]")).status).toBe(401);
  expect((await score(scoringUri, "mk_wrong", "[1]")).status).toBe(401);
  const renewed = await server.client.regenerateServiceKey({ name: "echo", key: "primary" });
  expect(renewed.secondary).toBe(secondary);
  expect((await score(scoringUri, primary, "[1]")).status).toBe(401);
  expect((await score(scoringUri, secondary, "[1]")).status).toBe(200);
  expect((await score(scoringUri, renewed.primary, "[1]")).status).toBe(200);
});

test("a token opens scoring until a key is regenerated, and no other service", async () => {
  const { scoringUri } = await deployScript(server, "tokens", echoScript);
  const other = await deployScript(server, "other", echoScript);
  const scorer = await server.client.createToken({ role: "scorer" });
  const client = makeClient({ url: server.url, token: scorer.token, fetch });
  const before = Date.now();
  const { token, expiresAt, refreshAfter } = await client.createServiceToken({ name: "tokens", expiresIn: "10m" });
  expect(expiresAt).toBeGreaterThan(before + 598_000);
  expect(refreshAfter).toBe(expiresAt - 150_000);
  expect((await score(scoringUri, token, "[1]")).status).toBe(200);
  expect((await score(other.scoringUri, token, "[1]")).status).toBe(401);
  const tooLong = await errorOf(client.createServiceToken({ name: "tokens", expiresIn: "25h" }));
  expect([tooLong.code, tooLong.message]).toEqual(["invalid-input", expect.stringContaining("at most 24h")]);
  await server.client.regenerateServiceKey({ name: "tokens", key: "secondary" });
  expect((await score(scoringUri, token, "[1]")).status).toBe(401);
  const next = await client.createServiceToken({ name: "tokens" });
  expect((await score(scoringUri, next.token, "[1]")).status).toBe(200);
  for (const file of ["logs/host.log", "host/wanted.json"])
    expect(await readFile(join(server.home, file), "utf8"), file).not.toContain(token);
});

test("without a key only the health route answers; auth none opens the service", async () => {
  const { scoringUri, swaggerUri } = await deployScript(server, "locked", echoScript);
  const health = scoringUri.replace(/score$/, "");
  expect((await fetch(health)).status).toBe(200);
  expect((await fetch(swaggerUri)).status).toBe(401);
  await server.client.updateService({ name: "locked", auth: "none" });
  expect((await score(scoringUri, undefined, "[1]")).status).toBe(200);
});

test("a name that is taken, a name no cluster would take and an unknown model are refused", async () => {
  expect((await errorOf(deployScript(server, "echo", echoScript))).code).toBe("service-exists");
  for (const name of ["ab", "Upper", "-x-", "x-", "a".repeat(33), "1ab"])
    expect((await errorOf(server.client.deployService({ name, models: ["echo-model"] }))).code, name).toBe(
      "invalid-input",
    );
  expect((await errorOf(server.client.deployService({ name: "nothing", models: ["absent"] }))).code).toBe(
    "model-not-found",
  );
  expect((await errorOf(server.client.deployService({ name: "nothing" }))).code).toBe("invalid-input");
});

test.each([
  ["has no run", "def init():\n    pass\n", "script-invalid", "run()"],
  ["has no init", "def run(raw_data):\n    return 1\n", "script-invalid", "init()"],
  ["is no Python", "def init(:\n", "script-invalid", "line 1"],
  [
    "raises in init",
    "def init():\n    raise ValueError('the weights are gone')\ndef run(raw_data):\n    return 1\n",
    "revision-failed",
    "the weights are gone",
  ],
  [
    "fails to import",
    "import no_such_module\ndef init():\n    pass\ndef run(raw_data):\n    return 1\n",
    "revision-failed",
    "no_such_module",
  ],
])("a script that %s is refused with the reason, and no service stays", async (_what, code, expected, words) => {
  const error = await errorOf(deployScript(server, "broken", code));
  expect(error.code).toBe(expected);
  expect(error.message).toContain(words);
  expect((await errorOf(server.client.getService({ name: "broken" }))).code).toBe("service-not-found");
});

test("why a script fails is told once, with the end of its log without what was told", async () => {
  const { message } = await errorOf(
    deployScript(server, "silent", "import no_such_module\ndef init(): pass\ndef run(raw_data): pass\n"),
  );
  const lines = message.split("\n");
  expect(lines.map((line) => line.includes("ModuleNotFoundError"))).toEqual([true, false, false, false]);
  expect(lines.slice(1)).toEqual([
    "Traceback (most recent call last):",
    expect.stringMatching(/score\.py", line 1, in <module>$/),
    "    import no_such_module",
  ]);
});

test("a revision that fails leaves the old one untouched and shows the tail of its traceback", async () => {
  const { scoringUri } = await deployScript(server, "steady", echoScript);
  const { primary } = await server.client.getServiceKeys({ name: "steady" });
  const bad = await script(
    server,
    "def init():\n    raise RuntimeError('second script is broken')\ndef run(raw_data):\n    return 2\n",
  );
  const error = await errorOf(server.client.updateService({ name: "steady", script: bad }));
  expect(error.code).toBe("revision-failed");
  expect(error.message).toContain("second script is broken");
  expect((await server.client.getService({ name: "steady" })).revision).toBe(1);
  expect((await score(scoringUri, primary, "[1]")).status).toBe(200);
  const [entry] = (await server.client.getServiceHistory({ name: "steady" })).items;
  expect(entry).toMatchObject({ action: "update", outcome: "failed" });
  expect((await server.client.getServiceLogs({ name: "steady", revision: 2 })).lines.join("\n")).toContain(
    "second script is broken",
  );
});

test("a sample request that fails keeps the new revision from the traffic", async () => {
  const code = "import json\ndef init():\n    pass\ndef run(raw_data):\n    return json.loads(raw_data)['must']\n";
  const error = await errorOf(deployScript(server, "sampled", code, { sample: '{"other": 1}' }));
  expect(error.code).toBe("revision-failed");
  expect(error.message).toContain("KeyError");
  await deployScript(server, "sampled", code, { sample: '{"must": 1}' });
  expect(await server.client.invokeService({ name: "sampled" })).toMatchObject({ status: 200, answer: "1" });
});

test("a service is asked in each request language, and its record tells which", async () => {
  const code = "import json\ndef init():\n    pass\ndef run(raw_data):\n    return json.loads(raw_data)\n";
  await deployScript(server, "polyglot", code, { sample: '{"size": [[1, 2]]}' });
  const ask = (language: "azure" | "inference" | "mlflow", body?: string) =>
    server.client.invokeService({ name: "polyglot", language, body });
  const tensor = { name: "size", datatype: "FP64", shape: [1, 2], data: [3, 4] };
  const answers = [
    await ask("azure"),
    await ask("inference", JSON.stringify({ inputs: [tensor] })),
    await ask("mlflow", JSON.stringify({ inputs: [[5, 6]] })),
  ];
  expect(answers.map(({ status }) => status)).toEqual([200, 200, 200]);
  const [plain, tensors, predictions] = answers.map(({ answer }) => JSON.parse(answer) as Record<string, unknown>);
  expect(plain).toEqual({ size: [[1, 2]] });
  expect(tensors).toMatchObject({ model_name: "polyglot", outputs: [{ name: "size", shape: [1, 2], data: [3, 4] }] });
  expect(predictions).toEqual({ predictions: { size: [[5, 6]] } });
  for (const [index, language] of (["azure", "inference", "mlflow"] as const).entries()) {
    const id = answers[index]?.requestId ?? "";
    await expect.poll(() => server.client.getRecord({ id }).catch(() => null)).not.toBeNull();
    expect((await server.client.getRecord({ id })).language).toBe(language);
  }
  expect((await errorOf(ask("mlflow"))).message).toContain("the sample of the image is written as azure");
  expect(await ask("inference", "{}")).toMatchObject({ status: 400, answer: expect.stringContaining('"error"') });
});

test("an invocation without a body speaks of the sample only where there is one", async () => {
  await deployScript(server, "unsampled", echoScript);
  for (const language of ["azure", "mlflow"] as const) {
    const error = await errorOf(server.client.invokeService({ name: "unsampled", language }));
    expect([error.code, error.message]).toEqual(["invalid-input", expect.stringContaining("the image has no sample")]);
  }
});

test("an update changes only what it is given; a rollback brings image and settings back; URL and keys never change", async () => {
  const first = await deployScript(server, "moving", echoScript, { env: { COLOUR: "red" } });
  const keys = await server.client.getServiceKeys({ name: "moving" });
  const model = await smallModel(server, "moving-model", "second model");
  const dry = await server.client.updateService({ name: "moving", models: [model], dryRun: true });
  expect(dry).toMatchObject({
    changed: false,
    differences: [{ what: "models", from: "moving-model:1", to: "moving-model:2" }],
  });
  expect(dry.service.revision).toBe(1);
  const { service } = await server.client.updateService({ name: "moving", models: [model], reason: "because" });
  expect(service).toMatchObject({ revision: 2, models: ["moving-model:2"], scoringUri: first.scoringUri });
  expect(service.settings.env).toEqual({ COLOUR: "red" });
  expect((await score(first.scoringUri, keys.primary, "[]")).text).toContain("second model");
  expect((await server.client.updateService({ name: "moving", models: [model] })).changed).toBe(false);
  const dryBack = await server.client.rollBackService({ name: "moving", dryRun: true });
  expect(dryBack).toMatchObject({
    changed: false,
    differences: [{ what: "models", from: "moving-model:2", to: "moving-model:1" }],
    service: { revision: 2 },
  });
  const back = await server.client.rollBackService({ name: "moving" });
  expect(back.service).toMatchObject({ revision: 3, models: ["moving-model:1"] });
  expect((await score(first.scoringUri, keys.primary, "[]")).text).toContain("moving model");
  expect(await server.client.getServiceKeys({ name: "moving" })).toEqual(keys);
  const actions = (await server.client.getServiceHistory({ name: "moving" })).items;
  expect(actions.map((entry) => [entry.action, entry.reason, entry.outcome])).toEqual([
    ["roll-back", null, "done"],
    ["update", "because", "done"],
    ["deploy", null, "done"],
  ]);
  expect(JSON.stringify(actions)).not.toContain("red");
});

test("the changes of all services stand in one list, newest first, page by page or the newest of each", async () => {
  const { listChanges } = server.client;
  const all = (await listChanges({ pageSize: 1000 })).items;
  expect(all.map(({ id }) => id)).toEqual(
    all
      .map(({ id }) => id)
      .sort()
      .reverse(),
  );
  expect(new Set(all.map(({ service }) => service)).size).toBeGreaterThan(1);
  const first = await listChanges({ pageSize: 2 });
  const second = await listChanges({ pageSize: 1000, pageToken: first.nextPageToken ?? "" });
  expect([...first.items, ...second.items]).toEqual(all);
  const newest = all.filter(({ service }, place) => all.findIndex((other) => other.service === service) === place);
  expect((await listChanges({ newest: true, pageSize: 1000 })).items).toEqual(newest);
  expect((await listChanges({ outcome: "failed" })).items.every(({ outcome }) => outcome === "failed")).toBe(true);
  expect((await listChanges({ outcome: "running" })).items).toEqual([]);
});

test("a version in use cannot be deleted, the refusal names who holds it, and the named command frees it", async () => {
  const error = await errorOf(server.client.deleteModel({ name: "echo-model", version: 1 }));
  expect(error.code).toBe("version-in-use");
  expect(error.message).toContain("echo");
  expect(error.fix).toContain("service delete echo");
  await server.client.stopService({ name: "echo" });
  expect((await errorOf(server.client.deleteModel({ name: "echo-model", version: 1 }))).code).toBe("version-in-use");
  await server.client.deleteService({ name: "echo" });
  expect((await server.client.deleteModel({ name: "echo-model", version: 1 })).deletedImages.length).toBeGreaterThan(0);
});

test("a stopped service tells its clients so, and nobody else, and comes back with its revision", async () => {
  const { scoringUri } = await deployScript(server, "resting", echoScript);
  const { primary } = await server.client.getServiceKeys({ name: "resting" });
  expect((await server.client.stopService({ name: "resting" })).state).toBe("stopped");
  const told = { status: 503, text: expect.stringContaining("is stopped") };
  expect(await score(scoringUri, primary, "[]")).toMatchObject(told);
  expect((await score(scoringUri, "wrong", "[]")).status).toBe(401);
  const askedOf = async (path: string, method = "GET") => {
    const answer = await fetch(new URL(path, scoringUri), { method, headers: { authorization: `Bearer ${primary}` } });
    return { status: answer.status, text: await answer.text() };
  };
  for (const path of ["swagger.json", "health", "v2/models/resting", "v2/models/resting/versions/1/config", "ping"])
    expect(await askedOf(path), path).toMatchObject({ status: 503, text: expect.stringContaining("resting") });
  const index = JSON.parse((await askedOf("/v2/repository/index", "POST")).text);
  expect(index).toContainEqual({ name: "resting", version: "", state: "UNAVAILABLE", reason: "it is stopped" });
  expect((await errorOf(server.client.invokeService({ name: "resting", body: "[]" }))).code).toBe("service-stopped");
  expect((await errorOf(server.client.updateService({ name: "resting", timeoutMs: 5 }))).code).toBe("service-stopped");
  expect((await server.client.startService({ name: "resting" })).state).toBe("ready");
  expect((await score(scoringUri, primary, "[]")).status).toBe(200);
});

test("building the same image twice gives the same digest, the second time at once", async () => {
  const model = await smallModel(server, "imaged", "imaged");
  const input = { models: [model], script: await script(server, echoScript), requirements: "" };
  const first = await server.client.buildImage(input);
  const second = await server.client.buildImage(input);
  expect(first.built).toBe(true);
  expect(second).toMatchObject({ digest: first.digest, built: false });
  expect((await server.client.getImage({ digest: first.digest.slice(0, 12) })).digest).toBe(first.digest);
  expect((await server.client.listImages({ model })).items.map((image) => image.digest)).toContain(first.digest);
});

test("several models make one image, and the stand-in of azureml.core finds each by its name", async () => {
  const one = await smallModel(server, "first-of-two", "one");
  const two = await smallModel(server, "second-of-two", "two");
  const code = `
from azureml.core.model import Model
def init():
    global texts
    texts = [open(Model.get_model_path(name)).read() for name in ("first-of-two", "second-of-two")]
def run(raw_data):
    return texts
`;
  await server.client.deployService({
    name: "pair",
    models: [one, two],
    script: await script(server, code),
    requirements: "",
  });
  expect((await server.client.invokeService({ name: "pair", body: "x" })).answer).toBe('["one","two"]');
  expect((await errorOf(server.client.buildImage({ models: [one, two], requirements: "" }))).code).toBe(
    "not-supported",
  );
});

test("usage and records tell who asked: a key by its place, and the server where somebody asked through it", async () => {
  const { scoringUri } = await deployScript(server, "asked", echoScript);
  const { primary, secondary } = await server.client.getServiceKeys({ name: "asked" });
  for (const key of [secondary, primary]) await score(scoringUri, key, "[]");
  await server.client.invokeService({ name: "asked", body: "[]" });
  const callers = ["server", "key:primary", "key:secondary"];
  const { items } = await server.client.listRecords({ service: "asked" });
  expect(items.map(({ caller }) => caller)).toEqual(callers);
  const { items: used } = await server.client.summariseUsage({ service: "asked", by: "caller" });
  expect(used.map(({ caller, requests }) => [caller, requests]).sort()).toEqual(callers.map((one) => [one, 1]).sort());
});

test("every request is recorded with its body and answer, and counted by service and model version", async () => {
  const { scoringUri } = await deployScript(server, "watched", echoScript);
  const { primary } = await server.client.getServiceKeys({ name: "watched" });
  const sent = [
    await score(scoringUri, primary, '{"a": 1}'),
    await score(scoringUri, primary, "not json"),
    await score(scoringUri, primary, '"ü"', { "x-request-id": "mine-1" }),
  ];
  expect(sent.map((one) => one.status)).toEqual([200, 500, 200]);
  const { items } = await server.client.listRecords({ service: "watched" });
  expect(items.map((record) => record.id)).toEqual(sent.map((one) => one.requestId).reverse());
  expect(items[0]).toMatchObject({ id: "mine-1", revision: 1, models: ["watched-model:1"], status: 200 });
  expect(await server.client.getRecord({ id: "mine-1" })).toMatchObject({
    body: '"ü"',
    answer: sent[2]?.text,
    bodyTruncated: false,
  });
  expect((await server.client.listRecords({ service: "watched", status: "5xx" })).items).toHaveLength(1);
  expect(
    (await server.client.listRecords({ service: "watched", since: "1h", model: "watched-model:1" })).items,
  ).toHaveLength(3);
  const ahead = new Date(Date.now() + 60_000).toISOString(); // as of a clock that goes before ours
  expect((await server.client.listRecords({ service: "watched", since: ahead })).items).toHaveLength(0);
  const usage = (await server.client.summariseUsage({ by: "model" })).items.find(
    (item) => item.model === "watched-model:1",
  );
  expect(usage).toMatchObject({ requests: 3, errors: 1 });
  expect(usage?.p99Ms).toBeGreaterThan(0);
  const logs = await server.client.getServiceLogs({ name: "watched", requestId: sent[1]?.requestId ?? "" });
  expect(logs.lines.join("\n")).toContain("Traceback");
  expect(sent[1]?.text).not.toContain("Traceback");
});

test("recording off keeps no body but counts; large bodies are cut and marked", async () => {
  const { scoringUri } = await deployScript(server, "quiet", echoScript, { record: "off" });
  const { primary } = await server.client.getServiceKeys({ name: "quiet" });
  await score(scoringUri, primary, "[1]");
  expect((await server.client.listRecords({ service: "quiet" })).items).toEqual([]);
  expect((await server.client.summariseUsage({ service: "quiet" })).items[0]).toMatchObject({ requests: 1 });
  await server.client.updateService({ name: "quiet", record: "all" });
  const { requestId } = await score(scoringUri, primary, JSON.stringify("x".repeat(100_000)));
  expect(await server.client.getRecord({ id: requestId })).toMatchObject({
    bodySize: 100_002,
    bodyTruncated: true,
    answerTruncated: true,
  });
});

test("records export as JSON lines and as CSV", async () => {
  const read = async (format: "jsonl" | "csv") => {
    const chunks: Uint8Array[] = [];
    for await (const chunk of (await server.client.exportRecords({ format, service: "watched" })).body)
      chunks.push(chunk);
    return Buffer.concat(chunks).toString("utf8").trim().split("\n");
  };
  const lines = (await read("jsonl")).map((line) => JSON.parse(line));
  expect(lines).toHaveLength(3);
  expect(lines[2]).toMatchObject({ id: "mine-1", body: '"ü"' });
  expect(await read("csv")).toHaveLength(4);
});

test("the error of a request over its time limit is 504 and the next request works", async () => {
  const code =
    "import time, json\ndef init():\n    pass\ndef run(raw_data):\n    time.sleep(json.loads(raw_data))\n    return 'slept'\n";
  const { scoringUri } = await deployScript(server, "sleepy", code, { timeoutMs: 500, maxBodyBytes: 1000 });
  const { primary } = await server.client.getServiceKeys({ name: "sleepy" });
  expect((await score(scoringUri, primary, "10")).status).toBe(504);
  expect((await score(scoringUri, primary, "0")).status).toBe(200);
  expect((await score(scoringUri, primary, " ".repeat(2000))).status).toBe(413);
});
