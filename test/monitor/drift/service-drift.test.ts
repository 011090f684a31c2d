import { type ChildProcess, spawn } from "node:child_process";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type SpooledHead, segmentName } from "../../../src/contract/host.ts";
import { makeSpoolGroup } from "../../../src/host/spool-entry.ts";
import { makeRandom } from "../../../src/monitor/drift/math/random.ts";
import { cli } from "../../cli/run-cli.ts";
import { freePort } from "../../free-port.ts";
import { errorOf } from "../../refusals.ts";
import { startServer, type TestServer } from "../../server.ts";
import { record } from "../recorded.ts";

const hour = 3_600_000;
const upstream = join(import.meta.dirname, "../../host/fixtures/upstream.mjs");
const random = makeRandom(42);
const now = Date.now();

let server: TestServer;
let other: ChildProcess;
let folder: string;
let image: string;
let segment = now;
beforeAll(async () => {
  const port = await freePort();
  other = spawn(process.execPath, [upstream, String(port)], { stdio: "ignore" });
  folder = await mkdtemp(join(tmpdir(), "modelyard-drift-"));
  server = await startServer();
  await writeFile(join(folder, "weights.json"), "{}");
  await writeFile(join(folder, "train.csv"), csv());
  const registered = await run("model", "register", "weights.json", "--name", "loans", ...baseline);
  expect(registered).toMatchObject({ exitCode: 0 });
  const service = await server.client.deployService({
    name: "loans",
    models: ["loans"],
    upstream: { url: `http://127.0.0.1:${port}`, score: "/sum" },
    sample: '{"data": [[1, 2, 3]]}',
  });
  image = service.image;
});
afterAll(async () => {
  other.kill();
  await server.remove();
  await rm(folder, { recursive: true, force: true });
});

const baseline = ["--baseline", "train.csv", "--baseline-target", "grade"];
const run = (...args: string[]) => cli(args, { MODELYARD_URL: server.url, MODELYARD_TOKEN: server.token }, "", folder);

const person = () => ({
  age: Math.round(1000 * (40 + 10 * random.normal())) / 1000,
  city: ["Bern", "Zürich", "東京"][Math.floor(3 * random.uniform())],
  income: random.uniform() < 0.02 ? null : Math.round(1e4 * Math.exp(random.normal())),
});
const grade = () => (random.uniform() < 0.3 ? "bad" : "good");

function csv(): string {
  const lines = Array.from({ length: 2000 }, () => {
    const { age, city, income } = person();
    return `${age},"${city}",${income ?? ""},${grade()}`;
  });
  return `age,city,income,grade\r\n${lines.join("\r\n")}\r\n`;
}

/** Spools requests of 25 rows as the host would have, all of one moment. */
async function spoolRows(
  at: number,
  count: number,
  row: (i: number) => object,
  answer: () => string = grade,
  of: Partial<SpooledHead> = {},
): Promise<void> {
  const group = makeSpoolGroup(1 << 20);
  for (let i = 0; i < count; i += 25) {
    const body = Buffer.from(JSON.stringify({ data: Array.from({ length: 25 }, (_, i) => row(i)) }));
    const answered = Buffer.from(JSON.stringify(Array.from({ length: 25 }, answer)));
    const head: SpooledHead = {
      ...{ id: `${at}-${i}`, service: "loans", revision: 1, image, models: ["loans:1"], ...of },
      ...{ at, durationMs: 2, status: 200 },
      ...{ kept: true, bodySize: body.length, answerSize: answered.length, bodyBytes: body.length },
      ...{ answerBytes: answered.length, contentType: "application/json", answerType: "application/json" },
    };
    group.add({ head, body, answer: answered });
  }
  segment += 1;
  await writeFile(join(server.home, "host", "spool", segmentName(segment)), group.bytes());
}

describe("a service whose version was registered with its training rows", () => {
  it("drifts nowhere while requests are like them", async () => {
    for (const ago of [3.5, 2.5, 1.5]) await spoolRows(now - ago * hour, 400, person);
    const report = await server.client.showDrift({ service: "loans", window: "1h" });
    expect(report.baseline).toMatchObject({
      inputs: { of: "models/loans/versions/1", rows: 2000, columns: 3 },
      predictions: { columns: 1 },
    });
    const columns = [...report.inputs.columns, ...(report.predictions?.columns ?? [])];
    expect(columns.map(({ column, kind }) => [column, kind])).toEqual([
      ["age", "number"],
      ["city", "category"],
      ["income", "number"],
      ["prediction", "category"],
    ]);
    for (const column of columns)
      expect(column).toMatchObject({ state: "steady", signals: [], baselineRows: expect.any(Number) });
    expect(report.inputs.score).toBe(0);
  });

  it("drifts where they are not, column by column, with what is the matter", async () => {
    const moved = () => ({ ...person(), age: 47 + 10 * random.normal(), city: "Genève" });
    await spoolRows(now - 0.5 * hour, 400, moved, () => "bad");
    await spoolRows(now - 1.4 * hour, 400, moved, () => "bad");
    const report = await server.client.showDrift({ service: "loans", window: "1h", importance: ["age=3", "income=1"] });
    const [age, city, income] = report.inputs.columns;
    expect(age).toMatchObject({ state: "drifting", effect: { name: "wasserstein:bins" }, signals: [] });
    expect(city).toMatchObject({
      state: "drifting",
      signals: [
        { kind: "unseen-category", examples: ["Genève"] },
        { kind: "constant", examples: ["Genève"] },
      ],
    });
    expect(income).toMatchObject({ state: "steady", signals: [] });
    expect(report.inputs.score).toBe(0.75);
    expect(report.predictions?.columns).toMatchObject([{ state: "drifting" }]);
    const shown = await run("drift", "show", "loans", "--window", "1h");
    expect(shown.stdout).toMatch(/INPUTS against models\/loans\/versions\/1, file [0-9a-f]{12}, 2000 rows: 2 of 3/);
    expect(shown.stdout).toMatch(/^age +drifting +400 .* wasserstein:bins/m);
    expect(shown.stdout).toContain("unseen 100 % (was 0 %): Genève");
    expect(shown.stderr).toContain("modelyard profile show loans");
  });

  it("weighs columns as its baseline says, for whoever asks", async () => {
    const score = async (more: object = {}) =>
      (await server.client.showDrift({ service: "loans", window: "1h", ...more })).inputs.score;
    await writeFile(join(folder, "importance.json"), '{"income": 1}');
    const set = await run("baseline", "set", "loans", "--importance", "age=3", "--importance-file", "importance.json");
    expect(set.stdout).toContain("inputs: 2000 rows, 3 columns, 2 of them weighed");
    expect(await score()).toBe(0.75);
    expect(await score({ importance: "income=1" })).toBe(0);
    const tested = await server.client.testAlert({ when: "drift_score > 70% over 1h", service: "loans" });
    expect(tested.items[0]?.verdict).toBe("breached");
    const refused = await errorOf(server.client.setBaseline({ service: "loans", importance: { hight: 1 } }));
    expect([refused.code, refused.message]).toEqual(["invalid-input", expect.stringContaining("hight")]);
    for (const wrong of [["--importance", "age"], ["--importance", "age=-1"], ["--importance-file", "train.csv"], []]) // biome-ignore format: a table
      expect((await run("baseline", "set", "loans", ...wrong)).exitCode).toBe(2);
    await server.client.setBaseline({ service: "loans", importance: {} });
    expect(await score()).toBeCloseTo(2 / 3, 9);
  });

  it("are not waited for in vain: an alert on a column that no request has is refused, with the nearest that one has", async () => {
    const { client } = server;
    const create = (name: string, when: string, service?: string) =>
      errorOf(client.createAlert({ name, when, ...(service === undefined ? {} : { service }) }));
    const mistyped = "requests > 1 and drift(agee) > 0.2";
    expect(await create("far", mistyped, "loans")).toMatchObject({
      code: "condition-invalid",
      message: expect.stringMatching(/no recent request has a column agee; did you mean age\?\n.*\n {25}\^/),
    });
    expect(await create("far", mistyped)).toMatchObject({ code: "condition-invalid" });
    expect(await errorOf(client.testAlert({ when: mistyped }))).toMatchObject({ code: "condition-invalid" });
    expect(await create("gone", "missing(temperature) > 1%", "loans")).toMatchObject({
      message: expect.stringMatching(/column temperature; there are age, city, income\n/),
    });
    expect(await create("answers", "missing(prediction) > 1%", "loans")).toMatchObject({ code: "condition-invalid" });
    for (const when of ["drifting(prediction) >= 1", "missing(income) > 5%", "drifting >= 1"]) {
      await client.createAlert({ name: "kept", when, service: "loans" });
      await client.deleteAlert({ name: "kept" });
    }
  });

  it("can be alerted on together with quality by labels, and both are in a report", async () => {
    const { client } = server;
    const [request] = (await client.listRecords({ service: "loans" })).items;
    const labels = ["0", "25"].flatMap((place) =>
      Array.from({ length: 25 }, (_, row) => ({
        ...{ id: `${request?.id.split("-")[0]}-${place}`, row, value: row < 20 ? "bad" : "good" },
      })),
    );
    await client.addLabels({ service: "loans", labels });
    const verdictOf = async (when: string) => (await client.testAlert({ when })).items[0];
    for (const holds of [
      "drifting(age) >= 1 and drifting >= 3 and drift(age) > 0.1 and drift_score > 60% over 1h",
      "missing(income) > 0% and missing(income) < 10% over 6h",
    ])
      expect(await verdictOf(holds)).toMatchObject({ verdict: "breached" });
    expect(await errorOf(client.testAlert({ when: "measured(accuraci) < 90%" }))).toMatchObject({
      message: expect.stringMatching(/measured is of one of accuracy, .*\n +measured.*\n {11}\^/),
    });

    const { sections } = await client.reportService({ name: "loans", since: "6h" });
    const [drift, quality] = sections;
    expect(drift?.rows.map(([column, side, state]) => [column, side, state])).toContainEqual([
      "age",
      "inputs",
      "drifting",
    ]);
    expect(drift?.rows.find(([column]) => column === "age")?.[4]).toBe("< 1e-12");
    expect(drift?.note).not.toContain("not enough data");
    expect(quality?.note).toContain("50 of 2000 predictions have a label");
    const accuracy = quality?.rows.find(([, by, metric]) => by === "labels" && metric === "accuracy");
    expect(accuracy?.[3]).toBeGreaterThan(0);
    expect((await run("monitor", "report", "loans", "--since", "6h")).stdout).toMatch(/^Drift\n.* drift, compared/m);
  });

  it("tells one of its records as columns, beside the bytes", async () => {
    const [newest] = (await server.client.listRecords({ service: "loans", pageSize: 1 })).items;
    const { inputs, predictions, undecoded } = await server.client.getRecord({ id: newest?.id ?? "" });
    expect(inputs).toMatchObject({ columns: ["age", "city", "income"], rowCount: 25 });
    expect(inputs?.rows[0]?.[1]).toBe("Genève");
    expect(predictions).toMatchObject({ columns: ["prediction"], rowCount: 25 });
    expect(predictions?.rows[0]).toEqual(["bad"]);
    expect(undecoded).toBeNull();
  });

  it("shows how the values of a column are spread, and how wide each window's null band was", async () => {
    const [age, city] = await Promise.all(
      ["age", "city"].map((distribution) => server.client.showDrift({ service: "loans", window: "1h", distribution })),
    );
    const [ofAge, ofCity] = [age?.distributions[0], city?.distributions[0]];
    expect(ofAge).toMatchObject({ side: "inputs", column: "age", baselineRows: 2000, rows: 400, values: [] });
    expect(ofAge?.bins).toHaveLength(40);
    for (const which of ["baseline", "current"] as const) {
      expect(ofAge?.bins.reduce((sum, bin) => sum + bin[which], 0)).toBeCloseTo(1);
      expect(ofCity?.values.reduce((sum, value) => sum + value[which], 0)).toBeCloseTo(1);
    }
    expect(ofCity?.values.find(({ value }) => value === "Genève")).toEqual({
      ...{ value: "Genève", baseline: 0, current: 1 },
    });
    const { bands, effects } = age?.inputs.columns[0] ?? {};
    expect(bands?.map((band) => band === null)).toEqual(effects?.map((effect) => effect === null));
    expect(bands?.at(-1)).toBe(age?.inputs.columns[0]?.effect?.band);
    const shown = await run("drift", "show", "loans", "--window", "1h", "--distribution", "city");
    expect(shown.stdout).toMatch(/^Genève +0\.0 % +100\.0 %$/m);
  });

  it("tells apart the rows of each value of a column", async () => {
    const report = await server.client.showDrift({ service: "loans", window: "1h", by: "city" });
    expect(report.segments?.map(({ value }) => value).sort()).toEqual(["Bern", "Genève", "Zürich", "東京"]);
    expect(await errorOf(server.client.showDrift({ service: "loans", by: "country" }))).toMatchObject({
      code: "invalid-input",
      message: expect.stringContaining("country"),
    });
  });

  it("shows what its columns held", async () => {
    const { rows, columns } = await server.client.showProfile({ service: "loans", since: "6h" });
    expect(rows).toBe(2000);
    const [age, city] = columns;
    expect(age).toMatchObject({ column: "age", rows: 2000, missing: 0, numbers: 2000, texts: 0 });
    expect(age?.quantiles?.p50).toBeGreaterThan(35);
    expect(city?.top[0]).toMatchObject({ value: "Genève", share: expect.closeTo(0.4, 1) });
    expect(columns.map(({ side }) => side)).toEqual(["inputs", "inputs", "inputs", "predictions"]);
    for (const { distinct, rows, missing } of columns) expect(distinct).toBeLessThanOrEqual(rows - missing);
    expect((await run("profile", "show", "loans", "--since", "6h")).stdout).toMatch(/^age +2000 +0 /m);
  });

  it("is compared with a window of its own past when that is wanted, and with the version's rows again", async () => {
    const since = new Date(now - 2 * hour).toISOString();
    const set = await run("baseline", "set", "loans", "--since", since);
    expect(set.stdout).toMatch(/inputs: \d+ rows, 3 columns; predictions: \d+ rows, 1 columns/);
    const report = await server.client.showDrift({ service: "loans", window: "1h" });
    expect(report.baseline.inputs).toMatchObject({ of: "services/loans", file: null });
    // What was counted by the other layout is counted again from the sample.
    expect(report.inputs.columns[0]?.rows).toBe(400);
    expect(await run("baseline", "remove", "loans")).toMatchObject({ exitCode: 0 });
    expect((await server.client.showDrift({ service: "loans" })).baseline.inputs?.of).toBe("models/loans/versions/1");
    expect(await errorOf(server.client.removeBaseline({ service: "loans" }))).toMatchObject({
      code: "baseline-not-found",
    });
  });

  it("is not compared in columns of which its rules keep something else than was sent, nor are its segments", async () => {
    await server.client.updateService({ name: "loans", recordFields: { city: "hmac", income: "keep" } });
    const hidden = (row: number) => ({ ...person(), city: `${row}` });
    await spoolRows(now - 0.2 * hour, 400, hidden, grade, { revision: 2 });
    const report = await server.client.showDrift({ service: "loans", window: "1h" });
    expect(report.redacted).toEqual(["city"]);
    expect(report.inputs.columns.map(({ column }) => column)).toEqual(["age", "income"]);
    expect(report.newColumns).toEqual([]);
    expect((await run("drift", "show", "loans")).stdout).toContain("Not compared, as rules change what is kept: city");
    const { segments } = await server.client.showDrift({ service: "loans", window: "1h", by: "age" });
    expect(segments?.[0]?.inputs.columns.map(({ column }) => column)).toEqual(["age", "income"]);
    expect(await errorOf(server.client.showDrift({ service: "loans", by: "city" }))).toMatchObject({
      message: expect.stringContaining("by: city is not compared, as rules change what is kept of it"),
    });
    const file = await run("baseline", "set", "loans", "--file", "train.csv");
    expect(file.stdout).toMatch(/inputs: 2000 rows, 3 columns/);
    await run("baseline", "remove", "loans");
    await server.client.updateService({ name: "loans", recordFields: {} });
  });

  it("keeps its baseline when the model is renamed", async () => {
    await server.client.renameModel({ name: "loans", newName: "lendings" });
    const { baseline } = await server.client.showDrift({ service: "loans" });
    expect(baseline).toMatchObject({ inputs: { of: "models/lendings/versions/1" }, predictions: { rows: 2000 } });
  });
});

describe("a service whose rules were changed and taken back", () => {
  const service = "changed-rules";
  const rules = { age: "bucket:10", income: "drop" };
  const told = async (more: object = {}) => {
    const { redacted, inputs } = await server.client.showDrift({ service, window: "1h", ...more });
    for (const { signals, state } of inputs.columns)
      expect([signals, state]).toEqual([[], expect.not.stringContaining("drifting")]);
    return { redacted, compared: inputs.columns.map(({ column }) => column) };
  };
  const raw = { redacted: [], compared: ["age", "city", "income"] };
  const hidden = { redacted: ["age", "income"], compared: ["city"] };

  beforeAll(async () => {
    const { upstream } = (await server.client.getImage({ digest: image })).manifest;
    // the model was renamed above
    await server.client.deployService({ name: service, models: ["lendings:1"], upstream });
    const bucketed = () => ({ ...person(), age: 10 * Math.floor(person().age / 10), income: null });
    const spool = (ago: number, revision: number) =>
      spoolRows(now - ago * hour, 400, revision === 2 ? bucketed : person, grade, { service, revision });
    for (const ago of [7.5, 6.5, 5.5]) await spool(ago, 1);
    await server.client.updateService({ name: service, recordFields: rules });
    for (const ago of [4.5, 3.5]) await spool(ago, 2);
    await server.client.updateService({ name: service, recordFields: {} });
  });
  const until = (ago: number) => ({ since: "9h", until: `${ago}h` });

  it("is compared by the rules of the revisions that wrote the rows of the newest windows", async () => {
    expect(await told(until(5))).toEqual(raw);
    expect(await told(until(3))).toEqual(hidden);
    for (const revision of [1, 2]) expect(await told({ revision })).toEqual(revision === 2 ? hidden : raw);
    for (const ago of [2.5, 1.5]) await spoolRows(now - ago * hour, 400, person, grade, { service, revision: 3 });
    expect(await told()).toEqual(hidden);
    await spoolRows(now - 0.5 * hour, 400, person, grade, { service, revision: 3 });
    expect(await told()).toEqual(raw);
  });

  it("has not enough data of a column in the older windows that redacted it", async () => {
    const { inputs } = await server.client.showDrift({ service, window: "1h" });
    const [age] = inputs.columns;
    expect(age?.signals).toEqual([]);
    expect(age?.effects.map((effect) => effect !== null)).toEqual([true, true, true, false, false, true, true, true]);
  });

  it("is compared with a window of its past in what both wrote in the same way", async () => {
    const moment = (ago: number) => new Date(now - ago * hour).toISOString();
    const set = await server.client.setBaseline({ service, since: moment(5), until: moment(3) });
    expect(set.inputs).not.toBeNull();
    expect(await told()).toEqual(hidden);
    expect(await told({ revision: 2 })).toEqual({ redacted: ["income"], compared: ["age", "city"] });
  });
});

describe("a baseline of columns with names", () => {
  it("names those of requests without names, also of what came before it was there", async () => {
    const name = "nameless";
    const { upstream } = (await server.client.getImage({ digest: image })).manifest;
    await run("model", "register", "weights.json", "--name", name);
    const { image: own } = await server.client.deployService({ name, models: [name], upstream });
    const rows = Array.from({ length: 200 }, () => [random.normal(), random.normal()]);
    const tell = (prefix: string) =>
      record(
        server,
        name,
        rows.map((row, i) => ({ id: `${prefix}${i}`, image: own, body: { data: [row] }, answer: [i % 2] })),
      );
    await tell("before");
    expect(await errorOf(server.client.showDrift({ service: name }))).toMatchObject({ code: "baseline-not-found" });
    await writeFile(join(folder, "points.csv"), `east,north\n${rows.map((row) => row.join(",")).join("\n")}\n`);
    expect(await run("baseline", "set", name, "--file", "points.csv")).toMatchObject({ exitCode: 0 });
    for (const values of [200, 400]) {
      const { inputs, newColumns } = await server.client.showDrift({ service: name, window: "1d" });
      expect(newColumns).toEqual([]);
      expect(inputs.columns).toMatchObject([
        { column: "east", state: "steady", rows: values, signals: [] },
        { column: "north", state: "steady", rows: values, signals: [] },
      ]);
      await tell("behind");
    }
  });
});

describe("a report", () => {
  it("does not take columns without enough data for steady ones", async () => {
    const name = "few-rows";
    const { upstream } = (await server.client.getImage({ digest: image })).manifest;
    const { image: own } = await server.client.deployService({ name, models: ["nameless"], upstream });
    const told = Array.from({ length: 10 }, (_, i) => ({
      id: `few${i}`,
      image: own,
      body: { data: [[i, i]] },
      answer: [0],
    }));
    expect(await run("baseline", "set", name, "--file", "points.csv")).toMatchObject({ exitCode: 0 });
    await record(server, name, told);
    const { sections } = await server.client.reportService({ name, since: "24h" });
    expect(sections[0]?.note).toMatch(
      /^0 of 2 columns drift, .* 2 of them have not enough data, which is no all-clear\.$/,
    );
  });
});

describe("a baseline", () => {
  it.each([
    ["empty.csv", "", /.*/],
    ["names.csv", "a,b\n", /no row/],
    ["twice.csv", "a,a\n1,2\n", /two columns are named "a"/],
    ["ragged.csv", "a,b\n1,2\n3\n", /row 2 has 1 cells/],
    ["quote.csv", 'a,b\n1,"2\n', /quote is not closed/],
    ["middle.csv", 'a,b\n1,2"3"\n', /quote is in the wrong place, in row 1/],
    ["latin.csv", Buffer.from("a\nZ\xfcrich\n", "latin1"), /not UTF-8/],
    ["rows.xlsx", "x", /\.csv or \.parquet/],
  ])("that is no table is refused and registers nothing: %s", async (name, text, message) => {
    await writeFile(join(folder, name), text);
    const refused = await run("model", "register", "weights.json", "--name", "refused", "--baseline", name);
    expect(refused.exitCode).not.toBe(0);
    expect(refused.stderr).toMatch(message);
    expect(await errorOf(server.client.getModel({ name: "refused" }))).toMatchObject({ code: "model-not-found" });
  });

  it("has no column that the version marks as personal data", async () => {
    const upload = async (name: string) => server.client.uploadBlob({}, { body: await readFile(join(folder, name)) });
    const [{ digest, size }, training] = [await upload("weights.json"), await upload("train.csv")];
    await server.client.registerModel({
      name: "private",
      files: [{ path: "weights.json", digest, size }],
      signature: { inputs: ["age", "city", "income"].map((name) => ({ name, type: "unknown" })) },
      pii: ["city"],
      baseline: { digest: training.digest, format: "csv", target: "grade" },
    });
    const { upstream } = (await server.client.getImage({ digest: image })).manifest;
    await server.client.deployService({ name: "private", models: ["private"], upstream });
    const { baseline } = await server.client.showDrift({ service: "private" });
    expect(baseline).toMatchObject({ inputs: { columns: 2 }, predictions: { columns: 1 } });
  });

  it("without the target's column is refused by the names it has", async () => {
    const refused = await run("baseline", "set", "loans", "--file", "train.csv", "--target", "label");
    expect(refused.stderr).toContain("no column is named label; it has age, city, income, grade");
  });

  it("of none of the columns that a model names, or that a service is sent, is refused with both lists", async () => {
    await writeFile(join(folder, "pipes.csv"), csv().replaceAll('"', "").replaceAll(",", "|"));
    const refused = await run("baseline", "set", "loans", "--file", "pipes.csv");
    expect(refused.exitCode).toBe(2);
    expect(refused.stderr).toContain(
      "there is no column age|city|income|grade; service loans has age, city, income; CSV",
    );
    const upload = async (name: string) => server.client.uploadBlob({}, { body: await readFile(join(folder, name)) });
    const [{ digest, size }, training] = [await upload("weights.json"), await upload("pipes.csv")];
    const registering = server.client.registerModel({
      name: "pipes",
      files: [{ path: "weights.json", digest, size }],
      signature: { inputs: ["age", "city", "income"].map((name) => ({ name, type: "unknown" })) },
      baseline: { digest: training.digest, format: "csv" },
    });
    expect(await errorOf(registering)).toMatchObject({
      code: "invalid-input",
      message: expect.stringContaining("the model has age, city, income"),
    });
  });

  it("of too few rows of the past is refused", async () => {
    const long = await errorOf(server.client.setBaseline({ service: "loans", since: "9d", until: "8d" }));
    expect(long).toMatchObject({ code: "baseline-too-small" });
    expect(await errorOf(server.client.setBaseline({ service: "loans" }))).toMatchObject({ code: "invalid-input" });
    expect(await errorOf(server.client.showDrift({ service: "nobody" }))).toMatchObject({ code: "service-not-found" });
  });

  it("is not compared with what is not there: columns, a revision, a time that ends before it begins", async () => {
    const service = "loans";
    const refusals = [
      [{ distribution: "hight" }, /distribution: the baseline has no column hight/],
      [{ importance: ["age=1", "hight=2"] }, /importance: the baseline has no column hight/],
      [{ since: "1h", until: "2h" }, /until: is not after since/],
      [{ revision: 99 }, /no revision 99/],
    ] as const;
    for (const [asked, message] of refusals)
      expect((await errorOf(server.client.showDrift({ service, ...asked } as { service: string }))).message).toMatch(
        message,
      );
    const backwards = server.client.showProfile({ service, since: "1h", until: "2h" });
    expect((await errorOf(backwards)).message).toMatch(/until: is not after since/);
  });
});
