import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { errorOf } from "../../refusals.ts";
import { grade, hour, normal, now, person, useLoans } from "./loans.ts";

const loans = useLoans();

describe("a service whose version was registered with its training rows", () => {
  it("drifts nowhere while requests are like them", async () => {
    for (const ago of [3.5, 2.5, 1.5]) await loans.spoolRows(now - ago * hour, 400, person);
    const report = await loans.server.client.showDrift({ service: "loans", window: "1h" });
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
    const moved = () => ({ ...person(), age: 47 + 10 * normal(), city: "Genève" });
    await loans.spoolRows(now - 0.5 * hour, 400, moved, () => "bad");
    await loans.spoolRows(now - 1.4 * hour, 400, moved, () => "bad");
    const report = await loans.server.client.showDrift({
      service: "loans",
      window: "1h",
      importance: ["age=3", "income=1"],
    });
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
    const shown = await loans.run("drift", "show", "loans", "--window", "1h");
    expect(shown.stdout).toMatch(/INPUTS against models\/loans\/versions\/1, file [0-9a-f]{12}, 2000 rows: 2 of 3/);
    expect(shown.stdout).toMatch(/^age +drifting +400 .* wasserstein:bins/m);
    expect(shown.stdout).toContain("unseen 100 % (was 0 %): Genève");
    expect(shown.stderr).toContain("modelyard profile show loans");
  });

  it("weighs columns as its baseline says, for whoever asks", async () => {
    const score = async (more: object = {}) =>
      (await loans.server.client.showDrift({ service: "loans", window: "1h", ...more })).inputs.score;
    await writeFile(join(loans.folder, "importance.json"), '{"income": 1}');
    const set = await loans.run(
      "baseline",
      "set",
      "loans",
      "--importance",
      "age=3",
      "--importance-file",
      "importance.json",
    );
    expect(set.stdout).toContain("inputs: 2000 rows, 3 columns, 2 of them weighed");
    expect(await score()).toBe(0.75);
    expect(await score({ importance: "income=1" })).toBe(0);
    const tested = await loans.server.client.testAlert({ when: "drift_score > 70% over 1h", service: "loans" });
    expect(tested.items[0]?.verdict).toBe("breached");
    const refused = await errorOf(loans.server.client.setBaseline({ service: "loans", importance: { hight: 1 } }));
    expect([refused.code, refused.message]).toEqual(["invalid-input", expect.stringContaining("hight")]);
    for (const [wrong, why] of [
      [["--importance", "age"], "importance: age is not column=number"],
      [["--importance", "age=-1"], "importance: age=-1: a weight is a number of at least 0"],
      [["--importance-file", "train.csv"], "numbers of at least 0"],
      [[], "give a window"],
    ] as const)
      expect(await loans.run("baseline", "set", "loans", ...wrong)).toMatchObject({
        exitCode: 2,
        stderr: expect.stringContaining(why),
      });
    await loans.server.client.setBaseline({ service: "loans", importance: {} });
    expect(await score()).toBeCloseTo(2 / 3, 9);
  });

  it("are not waited for in vain: an alert on a column that no request has is refused, with the nearest that one has", async () => {
    const { client } = loans.server;
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
    const { client } = loans.server;
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
    expect((await loans.run("monitor", "report", "loans", "--since", "6h")).stdout).toMatch(
      /^Drift\n.* drift, compared/m,
    );
  });

  it("tells one of its records as columns, beside the bytes", async () => {
    const [newest] = (await loans.server.client.listRecords({ service: "loans", pageSize: 1 })).items;
    const { inputs, predictions, undecoded } = await loans.server.client.getRecord({ id: newest?.id ?? "" });
    expect(inputs).toMatchObject({ columns: ["age", "city", "income"], rowCount: 25 });
    expect(inputs?.rows[0]?.[1]).toBe("Genève");
    expect(predictions).toMatchObject({ columns: ["prediction"], rowCount: 25 });
    expect(predictions?.rows[0]).toEqual(["bad"]);
    expect(undecoded).toBeNull();
  });

  it("shows how the values of a column are spread, and how wide each window's null band was", async () => {
    const [age, city] = await Promise.all(
      ["age", "city"].map((distribution) =>
        loans.server.client.showDrift({ service: "loans", window: "1h", distribution }),
      ),
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
    const shown = await loans.run("drift", "show", "loans", "--window", "1h", "--distribution", "city");
    expect(shown.stdout).toMatch(/^Genève +0\.0 % +100\.0 %$/m);
  });

  it("tells apart the rows of each value of a column", async () => {
    const report = await loans.server.client.showDrift({ service: "loans", window: "1h", by: "city" });
    expect(report.segments?.map(({ value }) => value).sort()).toEqual(["Bern", "Genève", "Zürich", "東京"]);
    expect(await errorOf(loans.server.client.showDrift({ service: "loans", by: "country" }))).toMatchObject({
      code: "invalid-input",
      message: expect.stringContaining("country"),
    });
  });

  it("shows what its columns held", async () => {
    const { rows, columns } = await loans.server.client.showProfile({ service: "loans", since: "6h" });
    expect(rows).toBe(2000);
    const [age, city] = columns;
    expect(age).toMatchObject({ column: "age", rows: 2000, missing: 0, numbers: 2000, texts: 0 });
    expect(age?.quantiles?.p50).toBeGreaterThan(35);
    expect(city?.top[0]).toMatchObject({ value: "Genève", share: expect.closeTo(0.4, 1) });
    expect(columns.map(({ side }) => side)).toEqual(["inputs", "inputs", "inputs", "predictions"]);
    for (const { distinct, rows, missing } of columns) expect(distinct).toBeLessThanOrEqual(rows - missing);
    expect((await loans.run("profile", "show", "loans", "--since", "6h")).stdout).toMatch(/^age +2000 +0 /m);
  });

  it("is compared with a window of its own past when that is wanted, and with the version's rows again", async () => {
    const since = new Date(now - 2 * hour).toISOString();
    const set = await loans.run("baseline", "set", "loans", "--since", since);
    expect(set.stdout).toMatch(/inputs: \d+ rows, 3 columns; predictions: \d+ rows, 1 columns/);
    const report = await loans.server.client.showDrift({ service: "loans", window: "1h" });
    expect(report.baseline.inputs).toMatchObject({ of: "services/loans", file: null });
    // What was counted by the other layout is counted again from the sample.
    expect(report.inputs.columns[0]?.rows).toBe(400);
    expect(await loans.run("baseline", "remove", "loans")).toMatchObject({ exitCode: 0 });
    expect((await loans.server.client.showDrift({ service: "loans" })).baseline.inputs?.of).toBe(
      "models/loans/versions/1",
    );
    expect(await errorOf(loans.server.client.removeBaseline({ service: "loans" }))).toMatchObject({
      code: "baseline-not-found",
    });
  });

  it("is not compared in columns of which its rules keep something else than was sent, nor are its segments", async () => {
    await loans.server.client.updateService({ name: "loans", recordFields: { city: "hmac", income: "keep" } });
    const hidden = (row: number) => ({ ...person(), city: `${row}` });
    await loans.spoolRows(now - 0.2 * hour, 400, hidden, grade, { revision: 2 });
    const report = await loans.server.client.showDrift({ service: "loans", window: "1h" });
    expect(report.redacted).toEqual(["city"]);
    expect(report.inputs.columns.map(({ column }) => column)).toEqual(["age", "income"]);
    expect(report.newColumns).toEqual([]);
    expect((await loans.run("drift", "show", "loans")).stdout).toContain(
      "Not compared, as rules change what is kept: city",
    );
    const { segments } = await loans.server.client.showDrift({ service: "loans", window: "1h", by: "age" });
    expect(segments?.[0]?.inputs.columns.map(({ column }) => column)).toEqual(["age", "income"]);
    expect(await errorOf(loans.server.client.showDrift({ service: "loans", by: "city" }))).toMatchObject({
      message: expect.stringContaining("by: city is not compared, as rules change what is kept of it"),
    });
    const file = await loans.run("baseline", "set", "loans", "--file", "train.csv");
    expect(file.stdout).toMatch(/inputs: 2000 rows, 3 columns/);
    await loans.run("baseline", "remove", "loans");
    await loans.server.client.updateService({ name: "loans", recordFields: {} });
  });

  it("keeps its baseline when the model is renamed", async () => {
    await loans.server.client.renameModel({ name: "loans", newName: "lendings" });
    const { baseline } = await loans.server.client.showDrift({ service: "loans" });
    expect(baseline).toMatchObject({ inputs: { of: "models/lendings/versions/1" }, predictions: { rows: 2000 } });
  });
});

describe("a service whose rules were changed and taken back", () => {
  const service = "changed-rules";
  const rules = { age: "bucket:10", income: "drop" };
  const told = async (more: object = {}) => {
    const { redacted, inputs } = await loans.server.client.showDrift({ service, window: "1h", ...more });
    for (const { signals, state } of inputs.columns)
      expect([signals, state]).toEqual([[], expect.not.stringContaining("drifting")]);
    return { redacted, compared: inputs.columns.map(({ column }) => column) };
  };
  const raw = { redacted: [], compared: ["age", "city", "income"] };
  const hidden = { redacted: ["age", "income"], compared: ["city"] };

  beforeAll(async () => {
    const { upstream } = (await loans.server.client.getImage({ digest: loans.image })).manifest;
    // the model was renamed above
    await loans.server.client.deployService({ name: service, models: ["lendings:1"], upstream });
    const bucketed = () => ({ ...person(), age: 10 * Math.floor(person().age / 10), income: null });
    const spool = (ago: number, revision: number) =>
      loans.spoolRows(now - ago * hour, 400, revision === 2 ? bucketed : person, grade, { service, revision });
    for (const ago of [7.5, 6.5, 5.5]) await spool(ago, 1);
    await loans.server.client.updateService({ name: service, recordFields: rules });
    for (const ago of [4.5, 3.5]) await spool(ago, 2);
    await loans.server.client.updateService({ name: service, recordFields: {} });
  });
  const until = (ago: number) => ({ since: "9h", until: `${ago}h` });

  it("is compared by the rules of the revisions that wrote the rows of the newest windows", async () => {
    expect(await told(until(5))).toEqual(raw);
    expect(await told(until(3))).toEqual(hidden);
    for (const revision of [1, 2]) expect(await told({ revision })).toEqual(revision === 2 ? hidden : raw);
    for (const ago of [2.5, 1.5]) await loans.spoolRows(now - ago * hour, 400, person, grade, { service, revision: 3 });
    expect(await told()).toEqual(hidden);
    await loans.spoolRows(now - 0.5 * hour, 400, person, grade, { service, revision: 3 });
    expect(await told()).toEqual(raw);
  });

  it("has not enough data of a column in the older windows that redacted it", async () => {
    const { inputs } = await loans.server.client.showDrift({ service, window: "1h" });
    const [age] = inputs.columns;
    expect(age?.signals).toEqual([]);
    expect(age?.effects.map((effect) => effect !== null)).toEqual([true, true, true, false, false, true, true, true]);
  });

  it("is compared with a window of its past in what both wrote in the same way", async () => {
    const moment = (ago: number) => new Date(now - ago * hour).toISOString();
    const set = await loans.server.client.setBaseline({ service, since: moment(5), until: moment(3) });
    expect(set.inputs).not.toBeNull();
    expect(await told()).toEqual(hidden);
    expect(await told({ revision: 2 })).toEqual({ redacted: ["income"], compared: ["age", "city"] });
  });
});
