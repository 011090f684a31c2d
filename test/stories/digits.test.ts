import { execFileSync } from "node:child_process";
import { readlinkSync } from "node:fs";
import { cp, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type CommandLine, commandLine } from "../command-line.ts";
import { sharedEnvironment } from "../python-environment.ts";
import { score } from "../scripts.ts";

interface Done {
  event: "done";
  changed: boolean;
  service: string;
  scoringUri: string;
  swaggerUri: string;
  key: string;
  model: string;
  image: string;
  revision: number;
}

let line: CommandLine;
let python: string;
let project: string;
beforeAll(async () => {
  [line, python] = await Promise.all([commandLine({ isFirst: true }), sharedEnvironment()]);
  project = await mkdtemp(join(tmpdir(), "modelyard-project-"));
  await cp("examples/digits", project, { recursive: true });
});
afterAll(async () => {
  await line.remove();
  await rm(project, { recursive: true, force: true });
});

const lastLine = (text: string) => JSON.parse(text.trim().split("\n").at(-1) ?? "");
const runPython = (code: string, ...args: string[]) =>
  execFileSync(python, ["-c", code, ...args], { encoding: "utf8", maxBuffer: 1 << 26 });
const up = async (...args: string[]): Promise<Done> => {
  const { code, stdout, stderr } = await line.run(["up", project, "--json", ...args]);
  expect(code, stderr).toBe(0);
  return lastLine(stdout);
};

test("one command makes a live service of the example, and prints how to use it", async () => {
  const { code, stdout, stderr } = await line.run(["up", project]);
  expect(code, stderr).toBe(0);
  const said = stdout + stderr;
  for (const words of ["Scoring URL", "curl ", "/docs", "Next"]) expect(said).toContain(words);
  const curl = said.split("\n").find((text) => text.startsWith("curl ")) ?? "";
  expect(execFileSync("sh", ["-c", curl], { encoding: "utf8", cwd: project })).toMatch(/^\[\d/);
});

test("the model is compiled: no Python process runs", async () => {
  const { engine, engineReason, replicas } = await line.json<{
    engine: string;
    engineReason: string;
    replicas: { state: string; pid: number | null }[];
  }>(["service", "show", "digits"]);
  expect(engine).toBe("onnx");
  expect(engineReason).toMatch(/^compiled: 1,025 rows compared, (no difference|largest difference \de-\d+)$/);
  // the host itself, or a Node of its own on a machine that is busy
  const programs = replicas.map(({ pid }) => (pid === null ? "" : readlinkSync(`/proc/${pid}/exe`)));
  expect(programs.filter((program) => program !== "" && !program.endsWith("/node"))).toEqual([]);
});

test("with accelerate off it is Python that serves it, and require takes it back to ONNX", async () => {
  for (const [wanted, engine] of [
    ["off", "python"],
    ["require", "onnx"],
  ] as const) {
    const name = `digits-${engine}`;
    const done = await line.run([
      "service",
      "deploy",
      name,
      "--model",
      "digits",
      "--requirements",
      "examples/digits/requirements.txt",
      "--accelerate",
      wanted,
    ]);
    expect(done.code, done.stderr).toBe(0);
    expect(await line.json(["service", "show", name])).toMatchObject({ engine });
    await line.run(["service", "delete", name]);
  }
});

test("a second run changes nothing and says so", async () => {
  const done = await up();
  expect(done).toMatchObject({ event: "done", changed: false, service: "digits", model: "digits:1", revision: 1 });
  const { stdout, stderr } = await line.run(["up", project]);
  expect((stdout + stderr).toLowerCase()).toContain("nothing to do");
});

test("all 1,797 rows scored over HTTP give scikit-learn's own labels, and its probabilities within 1e-12", async () => {
  const { scoringUri, key } = await up();
  const truth = JSON.parse(
    runPython(
      "import json,pickle,sys\nfrom sklearn.datasets import load_digits\nX=load_digits().data\nm=pickle.load(open(sys.argv[1],'rb'))\nprint(json.dumps({'rows':X.tolist(),'labels':m.predict(X).tolist(),'p':m.predict_proba(X).tolist()}))",
      join(project, "model.pkl"),
    ),
  ) as { rows: number[][]; labels: number[]; p: number[][] };
  expect(truth.rows).toHaveLength(1797);
  const labels: number[] = [];
  const probabilities: number[][] = [];
  for (let start = 0; start < truth.rows.length; start += 37) {
    const data = truth.rows.slice(start, start + 37);
    labels.push(...JSON.parse((await score(scoringUri, key, JSON.stringify({ data }))).text));
    probabilities.push(
      ...JSON.parse((await score(scoringUri, key, JSON.stringify({ data, method: "predict_proba" }))).text),
    );
  }
  expect(labels).toEqual(truth.labels);
  const distance = Math.max(
    ...truth.p.flatMap((row, i) => row.map((value, j) => Math.abs(value - (probabilities[i]?.[j] ?? Number.NaN)))),
  );
  expect(distance).toBeLessThanOrEqual(1e-12);
});

test("rows that do not fit are the client's mistake, with the reason", async () => {
  const { scoringUri, key } = await up();
  for (const body of [
    "not json",
    "[]",
    '{"data": [1, 2]}',
    '{"data": [[1, 2]]}',
    '{"rows": []}',
    '{"data": [[1], [1, 2]]}',
    '{"data": [[]], "method": "fit"}',
  ]) {
    const answer = await score(scoringUri, key, body);
    expect(answer.status, body).toBe(400);
    expect(JSON.parse(answer.text).error.message.length).toBeGreaterThan(5);
  }
  expect((await score(scoringUri, key, '{"data": []}')).text).toBe("[]");
});

test("step by step: register, show, tag, download with identical bytes", async () => {
  const file = join(project, "model.pkl");
  const registered = await line.json<{ reference: string; framework: string; frameworkVersion: string }>([
    "model",
    "register",
    file,
    "--name",
    "by hand",
    "--tag",
    "team=vision",
    "--property",
    "accuracy=0.97",
    "--description",
    "text",
  ]);
  expect(registered).toMatchObject({ reference: "by hand:1", framework: "ScikitLearn", frameworkVersion: "1.7.2" });
  expect(
    (await line.json<{ items: unknown[] }>(["model", "list", "--tag", "team=vision", "--name", "by hand"])).items,
  ).toHaveLength(1);
  expect(await line.json(["model", "tag", "by hand:1", "--tag", "stage=test", "--remove-tag", "team"])).toMatchObject({
    tags: { stage: "test" },
  });
  const output = join(line.home, "downloaded");
  expect((await line.run(["model", "download", "by hand:1", "--output", output])).code).toBe(0);
  expect(await readFile(join(output, "model.pkl"))).toEqual(await readFile(file));
});

test("step by step: build, deploy, look, ask, stop, start, delete", async () => {
  const image = await line.json<{ digest: string }>([
    "image",
    "build",
    "--model",
    "by hand",
    "--requirements",
    join(project, "requirements.txt"),
  ]);
  expect(await line.json(["service", "deploy", "by-hand", "--image", image.digest, "--auth", "none"])).toMatchObject({
    state: "ready",
    revision: 1,
  });
  expect(await line.json(["service", "show", "by-hand"])).toMatchObject({
    settings: { auth: "none", replicas: 1, timeoutMs: 60_000, maxBodyBytes: 100_000_000 },
  });
  expect(await line.json(["service", "invoke", "by-hand", "--file", join(project, "sample.json")])).toMatchObject({
    status: 200,
  });
  expect((await line.json<{ items: { name: string }[] }>(["service", "list"])).items.map((item) => item.name)).toEqual([
    "by-hand",
    "digits",
  ]);
  expect((await line.run(["service", "logs", "by-hand"])).code).toBe(0);
  const refused = await line.run(["model", "delete", "by hand:1", "--json"]);
  expect(refused.code).toBe(4);
  expect(JSON.parse(refused.stderr).error).toMatchObject({ code: "version-in-use" });
  expect(refused.stderr).toContain("by-hand");
  expect((await line.run(["service", "stop", "by-hand"])).code).toBe(0);
  expect((await line.run(["service", "start", "by-hand"])).code).toBe(0);
  expect((await line.run(["service", "delete", "by-hand"])).code).toBe(0);
  expect((await line.run(["model", "delete", "by hand:1"])).code).toBe(0);
});

test("what was asked is kept and counted", async () => {
  const { items } = await line.json<{ items: { id: string }[] }>([
    "record",
    "list",
    "--service",
    "digits",
    "--since",
    "1h",
    "--page-size",
    "5",
  ]);
  expect(items).toHaveLength(5);
  expect(await line.json(["record", "show", items[0]?.id ?? ""])).toHaveProperty("body");
  const exported = await line.run(["record", "export", "--format", "jsonl", "--since", "1h", "--service", "digits"]);
  expect(exported.stdout.trim().split("\n").length).toBeGreaterThan(50);
  const usage = await line.json<{ items: { model: string; requests: number }[] }>(["usage", "show", "--by", "model"]);
  expect(usage.items.find((item) => item.model === "digits:1")?.requests).toBeGreaterThan(50);
});

test("keys: both work, one is replaced, the other keeps working", async () => {
  const { scoringUri } = await up();
  const before = await line.json<{ primary: string; secondary: string }>(["service", "keys", "digits"]);
  const after = await line.json<{ primary: string; secondary: string }>([
    "service",
    "regenerate-key",
    "secondary",
    "digits",
  ]);
  expect(after.primary).toBe(before.primary);
  const statuses = await Promise.all(
    [before.secondary, after.secondary, after.primary].map(
      async (key) => (await score(scoringUri, key, '{"data": []}')).status,
    ),
  );
  expect(statuses).toEqual([401, 200, 200]);
});

test("a changed model file moves the service to a new revision under the same URL and key; it can be taken back", async () => {
  const before = await up();
  runPython(
    "import pickle,sys\nm=pickle.load(open(sys.argv[1],'rb'))\nm.coef_*=1.01\npickle.dump(m,open(sys.argv[1],'wb'))",
    join(project, "model.pkl"),
  );
  const dry = await line.run(["up", project, "--dry-run"]);
  expect(dry.code).toBe(0);
  expect((await line.json<{ items: unknown[] }>(["model", "list", "--name", "digits"])).items).toHaveLength(1);
  const after = await up();
  expect(after).toMatchObject({
    changed: true,
    model: "digits:2",
    revision: 2,
    scoringUri: before.scoringUri,
    key: before.key,
  });
  const history = await line.json<{ items: { action: string }[] }>(["service", "history", "digits"]);
  expect(history.items[0]).toMatchObject({ action: "update", outcome: "done", revision: 2 });
  expect(await line.json(["service", "rollback", "digits", "--reason", "worse on sevens"])).toMatchObject({
    service: { models: ["digits:1"], revision: 3 },
  });
});

test("the same model with an Azure-style entry script answers the same", async () => {
  const { code, stdout, stderr } = await line.run(["up", "examples/digits-script", "--json"]);
  expect(code, stderr).toBe(0);
  const done: Done = lastLine(stdout);
  const sample = await readFile("examples/digits-script/sample.json", "utf8");
  const answer = await score(done.scoringUri, done.key, sample);
  expect(answer.status, answer.text).toBe(200);
});

test("mistakes say what, why and how, without a stack, and with their exit code", async () => {
  const bad = join(line.home, "bad");
  await writeFile(`${bad}.pkl`, "not a pickle");
  await writeFile(`${bad}-empty.pkl`, "");
  execFileSync("python3", [
    "-c",
    "import pickle,sys,decimal; pickle.dump(type('M',(),{}), open(sys.argv[1],'wb')) if False else pickle.dump({'a': 1}, open(sys.argv[1],'wb'))",
    `${bad}-dict.pkl`,
  ]);
  const cases: [string[], number, string][] = [
    [["model", "register", `${bad}-none.pkl`, "--name", "x"], 2, "no file"],
    [["model", "register", `${bad}-empty.pkl`, "--name", "x"], 2, "empty"],
    [["model", "register", `${bad}.pkl`, "--name", "x"], 2, "pickle"],
    [["model", "show", "absent"], 3, "absent"],
    [["service", "show", "absent"], 3, "absent"],
    [["service", "frobnicate"], 2, "frobnicate"],
    [["up", join(line.home, "nowhere")], 2, "nowhere"],
    [["service", "deploy", "Bad_Name", "--model", "digits"], 2, "name"],
  ];
  for (const [args, exit, words] of cases) {
    const { code, stderr } = await line.run(args);
    expect([args.join(" "), code]).toEqual([args.join(" "), exit]);
    expect(stderr).toContain(words);
    expect(stderr).not.toMatch(/\n\s+at .*:\d+:\d+/);
  }
});

test("status tells what runs, a token of a lesser role is refused, and down stops everything", async () => {
  const status = await line.json<{
    server: { url: string; pid: number };
    scoring: { url: string; pid: number };
    tokenFile: string;
    services: { name: string; state: string }[];
  }>(["status"]);
  expect(status.services.find((service) => service.name === "digits")).toMatchObject({ state: "ready" });
  const { token } = await line.json<{ token: string }>(["token", "create", "--role", "reader", "--expires", "1d"]);
  const asReader = { env: { MODELYARD_URL: status.server.url, MODELYARD_TOKEN: token } };
  expect((await line.run(["model", "list"], asReader)).code).toBe(0);
  expect((await line.run(["service", "delete", "digits"], asReader)).code).toBe(4);
  expect(
    (await line.run(["model", "list"], { env: { MODELYARD_URL: "http://127.0.0.1:9", MODELYARD_TOKEN: token } })).code,
  ).toBe(5);
  process.kill(status.server.pid, "SIGKILL");
  expect((await line.run(["down"])).code).toBe(0);
  expect(() => process.kill(status.scoring.pid, 0)).toThrow();
  expect(await line.json(["status"])).toMatchObject({ server: null, scoring: null });
});
