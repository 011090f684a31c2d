import { readFileSync } from "node:fs";
import { join } from "node:path";
import { makeClient } from "../../src/client/client.ts";
import { makeRandom } from "../../src/monitor/drift/math/random.ts";
import { onnxFixtures } from "../host/engines-fixture.ts";
import { record, type Told } from "../monitor/recorded.ts";
import { deployScript } from "../scripts.ts";
import { startServer, type TestServer } from "../server.ts";

/** What stands in a field: free text of a user, a client or a file, at most so many letters. */
export type Words = (field: string, most?: number) => string;

type Filling = Pick<TestServer, "home" | "url" | "token" | "client">;

export interface Amounts {
  /** Names of the service with records, at most 32 letters, and of the one with a log. */
  service: string;
  script: string;
  /** Requests over a day. */
  requests: number;
}

/** What a filled server has, for the addresses of its pages. */
export interface Filled {
  model: string;
  other: string;
  service: string;
  script: string;
  image: string;
  records: string[];
  dataset: string;
  /** What the script collects beside `inputs`. */
  collection: string;
}

const usual: Amounts = { service: "a-service-name-of-32-letters-abc", script: "notes", requests: 60 };

const hour = 3_600_000;
const upstream = join(import.meta.dirname, "../host/fixtures/upstream.mjs");

/** A server with all of this. */
export async function startFilled(words: Words): Promise<{ server: TestServer; filled: Filled }> {
  const server = await startServer({ env: { MODELYARD_ALLOW_PRIVATE_WEBHOOKS: "1" } });
  try {
    return { server, filled: await fill(server, words) };
  } catch (error) {
    await server.remove();
    throw error;
  }
}

/**
 * Fills a server with something for every page, and every field that takes text with words: models with versions, a run of MLflow, services
 * of which one writes to its log, records over a day with labels and drift, alerts, a data set, tokens, webhooks, and changes of all of it.
 */
export async function fill(server: Filling, words: Words, amounts: Amounts = usual): Promise<Filled> {
  const model = await registerModels(server, words);
  const other = await logRun(server, words);
  const { service, script, image } = await deployServices(server, words, amounts, model);
  const records = await recordRequests(server, words, amounts.requests, { service, model, image });
  await watch(server, words, { service, records });
  await server.client.createDataset({ name: "november", service, since: "2d" });
  await configure(server, words);
  return { model, other, service, script, image, records, dataset: "november", collection: collectionOf(words) };
}

const upload = (server: Filling, bytes: string | Uint8Array) =>
  server.client.uploadBlob({}, { body: Buffer.from(bytes) });

/** What a name of a model may not have is what separates it from its version. */
const nameOf = (words: Words, field: string) =>
  words(field, 200).replace(/[/:@\p{Cc}]/gu, "") || field.replace(" ", "-");

/** Where a version was before, on another server and in a run of MLflow. */
const cameFrom = (words: Words) => ({
  runId: words("run id", 2000),
  loggedModel: words("logged model", 2000),
  origin: {
    server: words("server", 2000),
    reference: words("reference", 2000),
    createdAt: Date.now(),
    createdBy: words("creator", 300),
    parent: words("parent", 2000),
  },
});

async function registerModels(server: Filling, words: Words): Promise<string> {
  const { client } = server;
  const name = nameOf(words, "model");
  const fileName = words("file", 40).replace(/[/\\\p{Cc}]/gu, "");
  const more = {
    description: words("description", 20_000),
    tags: { [words("tag", 250)]: words("tag value", 5000), team: "risk" },
    properties: { [words("property", 250)]: words("property value", 5000) },
    metrics: { [words("metric", 250)]: 0.93, accuracy: 0.97 },
    source: words("source", 2000),
    framework: words("framework", 100),
    frameworkVersion: words("framework version", 100),
    lineage: {
      gitCommit: words("commit", 2000),
      gitRemote: words("remote", 2000),
      runLink: words("run link", 2000),
      trainingData: words("training data", 2000),
    },
  };
  const note = { path: `docs/${fileName}.md`, ...(await upload(server, words("file content", 1000))) };
  const field = (name: string) => ({ name, type: "double", shape: null });
  const signature = {
    inputs: [field("amount"), field("months"), field(words("input", 1000))],
    outputs: [{ ...field(words("output", 1000)), type: words("type", 100) }],
  };
  const program = await upload(server, readFileSync(upstream));
  const baseline = { ...(await upload(server, trainingRows(words))), format: "csv" as const, target: "grade" };
  for (const version of [1, 2])
    await client.registerModel({
      ...{ name, ...more, signature, baseline: { digest: baseline.digest, format: "csv", target: "grade" } },
      files: [{ path: "upstream.mjs", ...program }, note],
      metrics: { ...more.metrics, accuracy: 0.95 + version / 100 },
      sample: { input: '{"data": [[1, 2, 3]]}', output: words("sample output", 1000) },
      ...(version === 2 ? { lineage: { ...more.lineage, parent: `${name}:1`, ...cameFrom(words) } } : {}),
      pii: [words("input", 1000)],
    });
  await client.updateModel({
    name,
    description: words("model description", 20_000),
    tags: { [words("model tag", 250)]: words("model tag value", 5000) },
  });
  const sums = await upload(server, readFileSync(join(onnxFixtures, "sums.onnx")));
  // what a header may not have is what is not ASCII
  const userAgent = words("program", 200).replace(/[^\x20-\x7e]/g, "") || "program";
  const otherProgram = makeClient({ ...server, userAgent, fetch });
  await otherProgram.registerModel({ name: "sums", signature, files: [{ path: "model.onnx", ...sums }] });
  const renamed = nameOf(words, "renamed model");
  await client.createModel({ name: renamed, description: words("description", 5000) });
  await client.renameModel({ name: renamed, newName: nameOf(words, "new name") });
  await client.setAlias({ name, alias: "champion", version: 1 });
  await client.setAlias({ name, alias: words("alias", 200).replace(/[^\w-]/g, "") || "a".repeat(200), version: 2 });
  return name;
}

const columnOf = (words: Words) => words("column", 200);
const random = makeRandom(7);
const row = (words: Words, shift = 0) => ({
  amount: Math.round(1000 * (40 + shift + 10 * random.normal())) / 1000,
  months: Math.floor(60 * random.uniform()),
  [columnOf(words)]: random.uniform() < 0.5 ? words("category", 200) : "Bern",
});
const grade = () => (random.uniform() < 0.3 ? "bad" : "good");

/** What the model was trained on, as CSV: drift is told against it. */
function trainingRows(words: Words): string {
  const cell = (value: unknown) => `"${String(value).replaceAll('"', '""')}"`;
  const lines = Array.from({ length: 600 }, () => [...Object.values(row(words)), grade()].map(cell).join(","));
  return `${["amount", "months", columnOf(words), "grade"].map(cell).join(",")}\r\n${lines.join("\r\n")}\r\n`;
}

/** By the MLflow door: an experiment with a run, its artifact, a logged model and a version made of them. */
async function logRun(server: Filling, words: Words): Promise<string> {
  const ask = async (path: string, body: object) => {
    const answer = await fetch(`${server.url}/api/2.0/mlflow/${path}`, {
      method: "POST",
      headers: { authorization: `Bearer ${server.token}`, "content-type": "application/json" },
      body: JSON.stringify(body),
    });
    if (!answer.ok) throw new Error(`${path}: ${answer.status} ${await answer.text()}`);
    return (await answer.json()) as { experiment_id: string; run: { info: { run_id: string; artifact_uri: string } } };
  };
  // MLflow's own rule of keys: letters, digits, _ - . space : and /
  const key = (field: string) => words(field, 250).replace(/[^\w\-. :/]/g, "") || field;
  const tags = [{ key: key("run tag"), value: words("run tag value", 5000) }];
  const experiment = await ask("experiments/create", { name: words("experiment", 500), tags });
  const { run } = await ask("runs/create", {
    experiment_id: experiment.experiment_id,
    run_name: words("run", 250),
    user_id: words("user", 100),
    tags,
  });
  const runId = run.info.run_id;
  const at = Date.now();
  await ask("runs/log-batch", {
    run_id: runId,
    params: [{ key: key("param"), value: words("param value", 5000) }],
    metrics: [{ key: "loss", value: 0.1, timestamp: at, step: 0 }],
  });
  const place = new URL(run.info.artifact_uri).pathname.replace(/^\/+/, "");
  const path = `model/${encodeURIComponent(words("artifact", 40).replace(/[/\\\p{Cc}]/gu, ""))}.txt`;
  const sent = await fetch(`${server.url}/api/2.0/mlflow-artifacts/artifacts/${place}/${path}`, {
    method: "PUT",
    headers: { authorization: `Bearer ${server.token}` },
    body: words("artifact content", 1000),
  });
  if (!sent.ok) throw new Error(`artifact: ${sent.status} ${await sent.text()}`);
  const name = nameOf(words, "registered model");
  await ask("registered-models/create", { name, description: words("registered description", 5000), tags });
  await ask("model-versions/create", {
    name,
    source: `runs:/${runId}/model`,
    run_id: runId,
    run_link: words("run link", 1000),
    description: words("version description", 5000),
    tags,
  });
  return name;
}

const collectionOf = (words: Words) => words("collection", 200);
const scriptOf = (words: Words) => `
import json
from azureml.monitoring import ModelDataCollector
def init():
    global inputs
    more = ModelDataCollector("other", ${JSON.stringify(collectionOf(words))}, [${JSON.stringify(words("column", 200))}])
    more.collect([[${JSON.stringify(words("collected", 1000))}]])
    inputs = ModelDataCollector(${JSON.stringify(words("collected model", 100))}, "inputs", ["amount", ${JSON.stringify(words("column", 200))}])
    print(${JSON.stringify(words("log line", 2000))})
def run(data):
    print(${JSON.stringify(words("log line of a request", 2000))})
    rows = json.loads(data)["data"]
    inputs.collect([[1.5, ${JSON.stringify(words("collected", 1000))}]])
    if rows == []: raise ValueError(${JSON.stringify(words("error", 500))})
    return {${JSON.stringify(words("answer member", 500))}: ${JSON.stringify(words("answer", 2000))}}
`;

async function deployServices(server: Filling, words: Words, { service, script }: Amounts, model: string) {
  const { client } = server;
  const { image } = await client.deployService({
    ...{ name: service, models: [`${model}:1`], sample: '{"data": [[1, 2, 3]]}' },
    upstream: { command: [process.execPath, "{model}/upstream.mjs", "{port}"], score: "/sum" },
    ...{ env: { NOTE: words("variable", 1000) }, reason: words("reason", 2000), corsOrigins: ["https://shop.example"] },
  });
  await client.updateService({ name: service, models: [`${model}:2`], reason: words("update reason", 2000) });
  await client.rollBackService({ name: service, reason: words("rollback reason", 2000) });
  await client.deployService({ name: "sums", models: ["sums"] });
  const recordFields = { [words("ruled column", 1000)]: "drop" };
  await deployScript(server, script, scriptOf(words), { sample: '{"data": [[1]]}', recordFields });
  await client.invokeService({ name: script, body: '{"data": []}' });
  await client.invokeService({ name: script, body: JSON.stringify({ data: [[words("request", 1000)]] }) });
  return { service, script, image };
}

/** Requests of a day with 25 rows each, as a host would have spooled them; the last hours drift. Gives ids, newest first. */
async function recordRequests(
  server: Filling,
  words: Words,
  requests: number,
  { service, model, image }: { service: string; model: string; image: string },
): Promise<string[]> {
  const now = Date.now();
  const told = Array.from({ length: requests }, (_, index): Told => {
    // more at noon than at night
    const hoursAgo = 24 * (index / requests) + 0.02 * random.normal() ** 2 + 2 * Math.sin((6 * index) / requests) ** 2;
    const failed = index === 7 || random.uniform() < 0.02;
    return {
      id: index === 0 ? words("request id", 90) : `request-${index}`,
      ...{
        at: now - hoursAgo * hour - 60_000,
        image,
        models: [`${model}:1`],
        durationMs: 2 * Math.exp(random.normal() / 2),
        rows: 25,
      },
      ...{
        correlationId: words("correlation id", 100),
        caller: index % 3 === 0 ? "key:primary" : "token:0123456789ab",
      },
      ...(failed ? { status: 500, error: "script-failed" } : {}),
      body: { data: Array.from({ length: 25 }, () => row(words, hoursAgo < 8 ? 15 : 0)) },
      answer: failed ? { error: words("answered error", 500) } : Array.from({ length: 25 }, grade),
    };
  });
  // a record that is text, not rows
  told.push({
    id: "request-text",
    at: now - 30_000,
    image,
    models: [`${model}:1`],
    body: words("body", 5000),
    answer: words("answer", 5000),
  });
  await record(
    server,
    service,
    told.sort((a, b) => Number(a.at) - Number(b.at)),
  );
  const { items } = await server.client.listRecords({ service });
  return items.map(({ id }) => id);
}

async function watch(server: Filling, words: Words, { service, records }: { service: string; records: string[] }) {
  const { client } = server;
  await client.addLabels({
    service,
    labels: records.flatMap((id, index) => (index % 2 === 0 ? [{ id, row: 0, value: "good" }] : [])),
  });
  await client.addLabels({ service, id: records[0] ?? "", row: 1, value: words("label", 2000) });
  await client.createAlert({ name: "slow", when: "p95 > 1ms for 1m", service, description: words("alert", 1000) });
  await client.createAlert({ name: "quiet", when: "requests < 0.001", description: words("alert", 1000) });
  await client.silenceAlert({ name: "quiet", for: "2h", reason: words("silence", 500) });
}

/** Who and what is outside: tokens and webhooks. */
async function configure(server: Filling, words: Words): Promise<void> {
  const { client } = server;
  await client.createToken({ role: "reader", name: words("token", 100) });
  const { id } = await client.createToken({ role: "scorer", name: "ended" });
  await client.revokeToken({ id });
  await client.createWebhook({
    name: words("webhook", 100),
    description: words("webhook description", 2000),
    url: `https://127.0.0.1:9/${encodeURIComponent(words("webhook path", 200))}`,
    model: nameOf(words, "webhook model"),
    events: ["alert"],
  });
}
