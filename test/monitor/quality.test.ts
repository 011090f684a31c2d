import { afterAll, beforeAll, expect, test } from "vitest";
import { presenters } from "../../src/doors/cli/present/index.ts";
import { codeOf } from "../refusals.ts";
import { echoScript, script, smallModel } from "../scripts.ts";
import { startServer, type TestServer } from "../server.ts";
import { record } from "./recorded.ts";

let server: TestServer;
let image: string;
const minute = 60_000;
/** The middle of a five-minute window, ten days ago. */
const tenDaysAgo = Math.floor((Date.now() - 10 * 86_400_000) / (5 * minute)) * 5 * minute + 2 * minute;
beforeAll(async () => {
  server = await startServer();
  const models = [await smallModel(server, "shop", "text")];
  const built = await server.client.buildImage({ models, script: await script(server, echoScript), requirements: "" });
  image = built.digest;
});
afterAll(() => server.remove());

const service = "shop";
const ids = (prefix: string, count: number) => Array.from({ length: count }, (_, i) => `${prefix}-${i}`);
const ask = (more: object = {}) => server.client.showQuality({ service, since: "20d", ...more });
const metricOf = (metrics: { name: string; value: number | null }[], name: string) =>
  metrics.find((metric) => metric.name === name)?.value;

test("a label that comes ten days late changes the five-minute window of its request, and no other", async () => {
  const [old, young] = [ids("old", 40), ids("young", 40)];
  const told = (list: string[], at: number) =>
    list.map((id, i) => ({ id, image, at, body: { data: [[i]] }, answer: [i % 2] }));
  await record(server, service, [...told(old, tenDaysAgo), ...told(young, tenDaysAgo + 5 * minute)]);
  const before = await ask({ window: "5m" });
  expect(before.items.map(({ rows, measured }) => [rows, measured.state])).toEqual([
    [40, "no-labels"],
    [40, "no-labels"],
  ]);
  const label = (list: string[], right: number) =>
    server.client.addLabels({ service, labels: list.map((id, i) => ({ id, value: i < right ? i % 2 : 1 - (i % 2) })) });
  await label(young, 40);
  await label(old, 30);
  const { items, task } = await ask({ window: "5m" });
  expect(task).toBe("classification");
  expect(items.map(({ from, coverage, measured }) => [from, coverage, metricOf(measured.metrics, "accuracy")])).toEqual(
    [
      [tenDaysAgo - 2 * minute, 1, 0.75],
      [tenDaysAgo + 3 * minute, 1, 1],
    ],
  );
  await label(old, 20);
  expect(metricOf((await ask({ window: "5m" })).items[0]?.measured.metrics ?? [], "accuracy")).toBe(0.5);
  expect(metricOf((await ask()).items[0]?.measured.metrics ?? [], "accuracy")).toBe(0.75);
});

test("few labels say nothing, and rows without one are estimated from their scores", async () => {
  const scored = "scored";
  const told = ids("s", 400).map((id, i) => {
    const p = ((i * 37) % 101) / 101;
    return {
      id,
      image,
      revision: i % 2 ? 1 : 2,
      body: { data: [[i]] },
      answer: [{ prediction: p > 0.5 ? 1 : 0, "score.0": 1 - p, "score.1": p }],
    };
  });
  await record(server, scored, told);
  const show = (more: object = {}) => server.client.showQuality({ service: scored, ...more });
  const shown = await show();
  expect(shown.unread).toEqual({});
  const [first] = shown.items;
  const expected =
    told.reduce((sum, { answer: [scores] }) => sum + Math.max(scores?.["score.0"] ?? 0, scores?.["score.1"] ?? 0), 0) /
    400;
  expect(first).toMatchObject({
    labelled: 0,
    measured: { state: "no-labels" },
    estimated: { rows: 400, calibrated: false },
  });
  expect(metricOf(first?.estimated?.metrics ?? [], "accuracy")).toBeCloseTo(expected, 9);
  expect((await show()).assumption).toContain("only the inputs shift");
  await server.client.addLabels({ service: scored, labels: told.slice(0, 10).map(({ id }) => ({ id, value: 1 })) });
  expect((await show()).items).toMatchObject([{ labelled: 10, measured: { state: "not-enough-labels", metrics: [] } }]);
  const byRevision = await show({ by: "revision", minLabels: 5 });
  expect(byRevision.items.map(({ revision, rows, measured }) => [revision, rows, measured.rows])).toEqual([
    [1, 200, 5],
    [2, 200, 5],
  ]);
});

test("scores that are no probabilities are not estimated from, have no log loss, and count again once labels calibrate them", async () => {
  const service = "margins";
  const told = ids("m", 700).map((id, i) => {
    const margin = ((i * 37) % 101) / 10 - 5;
    return {
      ...{ id, image, body: { data: [[i]] } },
      answer: [{ prediction: margin > 0 ? "cat" : "dog", "score.cat": margin, "score.dog": -margin }],
    };
  });
  await record(server, service, told);
  const show = async () => (await server.client.showQuality({ service })).items[0];
  expect(await show()).toMatchObject({ rows: 700, estimated: { state: "not-probabilities", rows: 0, metrics: [] } });
  const label = (from: number, to: number) =>
    server.client.addLabels({
      service,
      labels: told.slice(from, to).map(({ id }, i) => ({ id, value: i % 3 ? "cat" : "dog" })),
    });
  await label(0, 100);
  const few = await show();
  expect(metricOf(few?.measured.metrics ?? [], "accuracy")).toBeGreaterThan(0);
  expect(metricOf(few?.measured.metrics ?? [], "log_loss")).toBeNull();
  expect(metricOf(few?.measured.metrics ?? [], "brier")).toBeNull();
  await label(100, 400);
  const { estimated } = (await show()) ?? {};
  expect(estimated).toMatchObject({ state: "ok", rows: 300, calibrated: true });
  for (const { value, low, high } of estimated?.metrics ?? []) {
    expect(value).toBeGreaterThanOrEqual(low ?? 1);
    expect(value).toBeLessThanOrEqual(high ?? 0);
    expect(high).toBeLessThanOrEqual(1);
  }
});

test("one score alone is not taken for the probability of every class", async () => {
  const service = "lone";
  const answers = [
    { prediction: 1, "score.1": 0.8 },
    { "score.1": 0.8 },
    { prediction: null, "score.0": 0.2, "score.1": 0.8 },
  ];
  await record(
    server,
    service,
    ids("l", 90).map((id, i) => ({ id, image, body: { data: [[i]] }, answer: [answers[i % 3]] })),
  );
  const { items, unread } = await server.client.showQuality({ service });
  expect(items).toMatchObject([{ rows: 30, estimated: { state: "no-scores" } }]);
  expect(unread).toEqual({ "which column: score.1": 30, "a row without a prediction": 30 });
});

test("a regression of texts is told to be none, however many labels there are", async () => {
  const service = "texts";
  const told = ids("t", 40).map((id, i) => ({ id, image, body: { data: [[i]] }, answer: ["cat"] }));
  await record(server, service, told);
  await server.client.addLabels({ service, labels: told.map(({ id }) => ({ id, value: "cat" })) });
  const { items } = await server.client.showQuality({ service, task: "regression" });
  expect(items).toMatchObject([{ labelled: 40, measured: { state: "not-numbers", rows: 0, metrics: [] } }]);
});

test("a person is told when labels are no classes of the predictions, and when scores are taken as they come", async () => {
  const service = "codes";
  const told = ids("code", 80).map((id, i) => ({
    ...{ id, image, body: { data: [[i]] } },
    answer: [{ prediction: i % 2 ? "cat" : "dog", "score.cat": i % 2 ? 0.9 : 0.3, "score.dog": i % 2 ? 0.1 : 0.7 }],
  }));
  await record(server, service, told);
  const talk = async () =>
    presenters.showQuality(await server.client.showQuality({ service }), { now: 0, input: { service } }).talk;
  const label = (value: (i: number) => string | number) =>
    server.client.addLabels({ service, labels: told.slice(0, 40).map(({ id }, i) => ({ id, value: value(i) })) });
  await label((i) => i % 2);
  expect(await talk()).toContain("No label is a class that was predicted: labels are 0, 1, predictions cat, dog.");
  await label((i) => (i % 2 ? "cat" : "dog"));
  expect(await talk()).not.toContain("No label is");
  expect(await talk()).toContain("Scores are taken as they come");
});

test("answers that a rule keeps besides a sample count one each, and those of the sample as many as they stand for", async () => {
  const service = "sampled";
  // of 400 requests 100 are unsure, all of them kept, half of them right; of the 300 others each tenth is kept, and right
  const told = ids("w", 130).map((id, i) => ({
    ...{ id, image, body: { data: [[i]] }, answer: ["cat"] },
    ...(i < 100 ? {} : { weight: 10 }),
  }));
  await record(server, service, told);
  const labels = told.map(({ id }, i) => ({ id, value: i < 50 ? "dog" : "cat" }));
  await server.client.addLabels({ service, labels });
  const { items } = await server.client.showQuality({ service });
  expect(items).toMatchObject([{ rows: 130, labelled: 130, measured: { rows: 130 } }]);
  expect(metricOf(items[0]?.measured.metrics ?? [], "accuracy")).toBeCloseTo(350 / 400, 12);
  expect(items[0]?.measured.byClass.map(({ class: name, rows }) => [name, rows])).toEqual([
    ["cat", 80],
    ["dog", 50],
  ]);
});

test("rows of a request that is no table are counted by its answer", async () => {
  await record(server, "free-form", [
    { id: "f1", image, body: { data: [[1]], more: ["cats"] }, answer: ["cat", "dog"] },
    { id: "f2", image, body: { data: [[1], [2], [3]] }, answer: ["cat"] },
  ]);
  await server.client.showQuality({ service: "free-form" });
  expect((await server.client.summariseUsage({ service: "free-form" })).items).toMatchObject([
    { requests: 2, rows: 5 },
  ]);
});

test("numbers are measured as a regression, and labels stand beside their row of a request", async () => {
  const told = ids("r", 20).map((id, i) => ({ id, image, body: { data: [[i], [i]] }, answer: [i + 0.5, i + 0.25] }));
  await record(server, "rates", told);
  const labels = told.map(({ id }, i) => ({ id, value: [i, i] }));
  await server.client.addLabels({ service: "rates", labels });
  const { task, items } = await server.client.showQuality({ service: "rates" });
  expect(task).toBe("regression");
  expect(items).toMatchObject([{ rows: 40, labelled: 40, estimated: null, measured: { state: "ok", rows: 40 } }]);
  expect(metricOf(items[0]?.measured.metrics ?? [], "mae")).toBeCloseTo(0.375, 12);
});

test("a label that is no number makes no classes of predicted numbers, and is counted", async () => {
  const told = ids("n", 40).map((id, i) => ({ id, image, body: { data: [[i]] }, answer: [i + 0.5] }));
  await record(server, "misspelt", told);
  const labels = told.map(({ id }, i) => ({ id, value: i === 7 ? "seven" : i }));
  await server.client.addLabels({ service: "misspelt", labels });
  const { task, items, unread } = await server.client.showQuality({ service: "misspelt" });
  expect([task, unread]).toEqual(["regression", { "the label is no number": 1 }]);
  expect(items[0]?.measured).toMatchObject({ state: "ok", rows: 39 });
});

test("a request is labelled by what its client calls it, and what says no prediction is counted", async () => {
  const told = ids("c", 40).map((id, i) => ({
    ...{ id, image, body: { data: [[i]] }, answer: i < 30 ? [{ kind: "cat" }] : [{ kind: "cat", sure: 1 }] },
    correlationId: `order ${i}`,
  }));
  await record(server, "calls", told);
  const labels = told.map((_, i) => ({ id: `order ${i}`, value: i < 3 ? "dog" : "cat" }));
  expect(await server.client.addLabels({ service: "calls", labels })).toMatchObject({ added: 40, waiting: 0 });
  const { items, unread } = await server.client.showQuality({ service: "calls" });
  expect(items[0]).toMatchObject({ rows: 30, labelled: 30 });
  expect(metricOf(items[0]?.measured.metrics ?? [], "accuracy")).toBeCloseTo(0.9, 12);
  expect(unread).toEqual({ "which column: kind, sure": 10 });
  const named = await server.client.showQuality({ service: "calls", prediction: "kind" });
  expect(named.items[0]).toMatchObject({ rows: 40, labelled: 40 });
});

test("windows that are none, too many or of no service are refused", async () => {
  expect(await codeOf(ask({ window: "7m" }))).toBe("invalid-input");
  const sparse = ids("sparse", 1001).map((id, i) => ({
    id,
    image,
    at: tenDaysAgo + i * 5 * minute,
    body: { data: [[1]] },
    answer: [1],
  }));
  await record(server, "sparse", sparse);
  expect(await codeOf(server.client.showQuality({ service: "sparse", since: "20d", window: "5m" }))).toBe(
    "invalid-input",
  );
  expect(await codeOf(ask({ since: "1d", until: "2d" }))).toBe("invalid-input");
  expect(await codeOf(server.client.showQuality({ service: "absent" }))).toBe("service-not-found");
});
