import { afterAll, beforeAll, expect, test } from "vitest";
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
