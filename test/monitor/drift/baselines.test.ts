import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { errorOf } from "../../refusals.ts";
import { record } from "../recorded.ts";
import { csv, hour, normal, now, person, useLoans } from "./loans.ts";

const loans = useLoans();
beforeAll(async () => {
  await loans.spoolRows(now - hour, 400, person);
  await loans.server.client.showDrift({ service: "loans" });
});

describe("a baseline of columns with names", () => {
  it("names those of requests without names, also of what came before it was there", async () => {
    const name = "nameless";
    const { upstream } = (await loans.server.client.getImage({ digest: loans.image })).manifest;
    await loans.run("model", "register", "weights.json", "--name", name);
    const { image: own } = await loans.server.client.deployService({ name, models: [name], upstream });
    const rows = Array.from({ length: 200 }, () => [normal(), normal()]);
    const tell = (prefix: string) =>
      record(
        loans.server,
        name,
        rows.map((row, i) => ({ id: `${prefix}${i}`, image: own, body: { data: [row] }, answer: [i % 2] })),
      );
    await tell("before");
    expect(await errorOf(loans.server.client.showDrift({ service: name }))).toMatchObject({
      code: "baseline-not-found",
    });
    await writeFile(join(loans.folder, "points.csv"), `east,north\n${rows.map((row) => row.join(",")).join("\n")}\n`);
    expect(await loans.run("baseline", "set", name, "--file", "points.csv")).toMatchObject({ exitCode: 0 });
    for (const values of [200, 400]) {
      const { inputs, newColumns } = await loans.server.client.showDrift({ service: name, window: "1d" });
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
    const { upstream } = (await loans.server.client.getImage({ digest: loans.image })).manifest;
    const { image: own } = await loans.server.client.deployService({ name, models: ["nameless"], upstream });
    const told = Array.from({ length: 10 }, (_, i) => ({
      id: `few${i}`,
      image: own,
      body: { data: [[i, i]] },
      answer: [0],
    }));
    expect(await loans.run("baseline", "set", name, "--file", "points.csv")).toMatchObject({ exitCode: 0 });
    await record(loans.server, name, told);
    const { sections } = await loans.server.client.reportService({ name, since: "24h" });
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
    await writeFile(join(loans.folder, name), text);
    const refused = await loans.run("model", "register", "weights.json", "--name", "refused", "--baseline", name);
    expect(refused.exitCode).not.toBe(0);
    expect(refused.stderr).toMatch(message);
    expect(await errorOf(loans.server.client.getModel({ name: "refused" }))).toMatchObject({ code: "model-not-found" });
  });

  it("has no column that the version marks as personal data", async () => {
    const upload = async (name: string) =>
      loans.server.client.uploadBlob({}, { body: await readFile(join(loans.folder, name)) });
    const [{ digest, size }, training] = [await upload("weights.json"), await upload("train.csv")];
    await loans.server.client.registerModel({
      name: "private",
      files: [{ path: "weights.json", digest, size }],
      signature: { inputs: ["age", "city", "income"].map((name) => ({ name, type: "unknown" })) },
      pii: ["city"],
      baseline: { digest: training.digest, format: "csv", target: "grade" },
    });
    const { upstream } = (await loans.server.client.getImage({ digest: loans.image })).manifest;
    await loans.server.client.deployService({ name: "private", models: ["private"], upstream });
    const { baseline } = await loans.server.client.showDrift({ service: "private" });
    expect(baseline).toMatchObject({ inputs: { columns: 2 }, predictions: { columns: 1 } });
  });

  it("is compared with what a service was asked before it was deleted, which is profiled and reported, too", async () => {
    const { client } = loans.server;
    const { upstream } = (await client.getImage({ digest: loans.image })).manifest;
    const { image } = await client.deployService({ name: "gone", models: ["private"], upstream });
    const asked = { id: "gone1", image, body: { data: [{ age: 30, city: "Oslo", income: 1 }] }, answer: ["a"] };
    await record(loans.server, "gone", [asked]);
    const profiled = await client.showProfile({ service: "gone" });
    expect(profiled.rows).toBe(1);
    await client.deleteService({ name: "gone" });
    expect((await client.showDrift({ service: "gone" })).baseline.inputs?.of).toBe("models/private/versions/1");
    expect(await errorOf(client.showDrift({ service: "gone", revision: 9 }))).toMatchObject({
      code: "revision-not-found",
    });
    expect((await client.showProfile({ service: "gone" })).columns).toEqual(profiled.columns);
    expect(await client.reportService({ name: "gone" })).toMatchObject({
      ...{ running: false, revision: null, models: ["private:1"], usage: { requests: 1 } },
      revisions: [{ revision: 1, requests: 1 }],
    });
    expect(await errorOf(client.setBaseline({ service: "gone", since: "1h" }))).toMatchObject({
      code: "service-not-found",
    });
  });

  it("without the target's column is refused by the names it has", async () => {
    const refused = await loans.run("baseline", "set", "loans", "--file", "train.csv", "--target", "label");
    expect(refused.stderr).toContain("no column is named label; it has age, city, income, grade");
  });

  it("of none of the columns that a model names, or that a service is sent, is refused with both lists", async () => {
    await writeFile(join(loans.folder, "pipes.csv"), csv().replaceAll('"', "").replaceAll(",", "|"));
    const refused = await loans.run("baseline", "set", "loans", "--file", "pipes.csv");
    expect(refused.exitCode).toBe(2);
    expect(refused.stderr).toContain(
      "there is no column age|city|income|grade; service loans has age, city, income; CSV",
    );
    const upload = async (name: string) =>
      loans.server.client.uploadBlob({}, { body: await readFile(join(loans.folder, name)) });
    const [{ digest, size }, training] = [await upload("weights.json"), await upload("pipes.csv")];
    const registering = loans.server.client.registerModel({
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
    const long = await errorOf(loans.server.client.setBaseline({ service: "loans", since: "9d", until: "8d" }));
    expect(long).toMatchObject({ code: "baseline-too-small" });
    expect(await errorOf(loans.server.client.setBaseline({ service: "loans" }))).toMatchObject({
      code: "invalid-input",
    });
    expect(await errorOf(loans.server.client.showDrift({ service: "nobody" }))).toMatchObject({
      code: "service-not-found",
    });
  });

  it("is not asked of a service that keeps no records: all say so, and how to turn them on", async () => {
    const { client } = loans.server;
    const [service, since] = ["silent", "7d"];
    const { upstream } = (await client.getImage({ digest: loans.image })).manifest;
    await client.deployService({ name: service, models: ["nameless"], upstream, record: "off" });
    for (const asked of [
      () => client.showDrift({ service }),
      () => client.setBaseline({ service, since }),
      () => client.createDataset({ name: "none", service, since }),
    ])
      expect(await errorOf(asked())).toMatchObject({
        code: "records-off",
        message: "The service silent keeps no records (record: off)",
        fix: expect.stringContaining("`modelyard service update silent --record all`"),
      });
    await client.updateService({ name: service, record: "all" });
    expect((await errorOf(client.showDrift({ service }))).code).toBe("baseline-not-found");
    expect((await errorOf(client.setBaseline({ service, since }))).code).toBe("baseline-too-small");
    expect((await errorOf(client.createDataset({ name: "none", service, since }))).code).toBe("dataset-empty");
  });

  it("of a time that ends before it begins is refused, and one of a time to come ends now", async () => {
    const { client } = loans.server;
    const backwards = await errorOf(client.setBaseline({ service: "loans", since: "1m", until: "10m" }));
    expect(backwards.message).toContain("until: is not after since");
    const until = new Date(Date.now() + 30 * 24 * hour).toISOString();
    const { inputs } = await client.setBaseline({ service: "loans", since: "2h", until });
    expect(inputs?.until).toBeLessThan(Date.now() + hour);
    await client.removeBaseline({ service: "loans" });
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
      expect(
        (await errorOf(loans.server.client.showDrift({ service, ...asked } as { service: string }))).message,
      ).toMatch(message);
    const backwards = loans.server.client.showProfile({ service, since: "1h", until: "2h" });
    expect((await errorOf(backwards)).message).toMatch(/until: is not after since/);
  });
});
