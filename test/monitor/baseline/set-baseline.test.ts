import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { operations } from "../../../src/contract/operations.ts";
import { presenters } from "../../../src/doors/cli/present/index.ts";
import { setBaseline } from "../../../src/monitor/baseline/set-baseline.ts";
import { trainingRows } from "../../../src/monitor/baseline/training-rows.ts";
import { driftOf } from "../../../src/monitor/drift/drift-of.ts";
import { profileRecords } from "../../../src/monitor/profile/profile-records.ts";
import { fsBlobStore } from "../../../src/stores/blobs/fs.ts";
import { context } from "../../events/outbox-fixture.ts";
import { errorOf } from "../../refusals.ts";
import { headOf, type Monitor, openMonitor } from "../monitor-fixture.ts";

let monitor: Monitor;
let folder: string;
let digest: string;
beforeAll(async () => {
  monitor = await openMonitor();
  folder = await mkdtemp(join(tmpdir(), "modelyard-baseline-"));
  const rows = "44,3.5,good\n".repeat(50);
  async function* file() {
    yield Buffer.from(`age,size,grade\n${rows}`);
  }
  digest = (await fsBlobStore(folder).put(file())).digest;
  await monitor.deploy("shop");
  const input = { kind: "rows", columns: 2, names: ["age", "size"] };
  await monitor.run(`update images set manifest = '${JSON.stringify({ script: null, signature: { input } })}'`);
});
afterAll(async () => {
  await monitor.close();
  await rm(folder, { recursive: true, force: true });
});

/** Gives the service shop, whose image takes age and size, the file for its baseline. */
async function set(more: { target?: string; importance?: Record<string, number> } = {}) {
  const { target, importance } = more;
  const given = { service: "shop", file: { digest, format: "csv" as const, target }, importance };
  const ports = { ...monitor.ports, blobs: fsBlobStore(folder) };
  const told = await setBaseline(ports)(operations.setBaseline.input.parse(given), context);
  return { told, shown: presenters.setBaseline(told, { now: 0, input: given }).data };
}

test("a target that nobody named is left out of what is compared, and is named with the flag that takes it", async () => {
  const forgotten = await set();
  expect(forgotten.told).toMatchObject({ inputs: { columns: 2 }, predictions: null, leftOut: ["grade"] });
  expect(forgotten.shown).toBe(
    "Baseline of shop: inputs: 50 rows, 2 columns\nLeft out, as service shop has no such column: grade. What the model predicts is compared when --target names it",
  );
  const { inputs } = await driftOf(monitor.ports, "shop");
  expect(inputs.columns.map(({ column }) => column)).toEqual(["age", "size"]);
  const named = await set({ target: "grade" });
  expect(named.told).toMatchObject({ inputs: { columns: 2 }, predictions: { columns: 1 }, leftOut: [] });
  expect(named.shown).not.toContain("Left out");
});

test("so is it of the baseline of a version whose signature names its columns", async () => {
  const inputs = ["age", "size"].map((name) => ({ name, type: "number" as const, shape: null }));
  const profile = (names: typeof inputs) =>
    trainingRows({ blobs: fsBlobStore(folder) }).profile(
      { digest, format: "csv" },
      { inputs: names, outputs: null } as never,
      { by: "tester", at: 0 },
    );
  expect(await profile(inputs)).toMatchObject({ leftOut: ["grade"] });
  // of a model that names none, any may be its own
  expect(await profile([])).toMatchObject({ leftOut: [] });
  const example = { ...operations.registerModel.example.output, baselineLeftOut: ["grade"] };
  const registered = operations.registerModel.output.parse(example);
  const shown = presenters.registerModel(registered, { now: 0, input: { baseline: { digest, format: "csv" } } });
  expect(shown.data).toContain(
    `Left out, as ${registered.reference} has no such column: grade. What the model predicts is compared when --baseline-target names it`,
  );
});

test("a target that is an input is refused, with the columns it may be", async () => {
  const told =
    "baseline: the target age is an input of service shop; the target is the column with what the model predicts: grade?";
  expect(await errorOf(set({ target: "age" }))).toMatchObject({
    code: "invalid-input",
    message: expect.stringContaining(told),
  });
});

test("weights are of the columns of their side, and a side whose columns have none is not without a score", async () => {
  const { ports, now } = monitor;
  const consumer = profileRecords();
  const { add, finish } = consumer.gather();
  const rows = <Row>(row: Row) => Array.from({ length: 60 }, () => row);
  const [inputs, predictions] = [
    { columns: ["age", "size"], rows: rows([44, 3.5]) },
    { columns: ["prediction"], rows: rows(["good"]) },
  ];
  add({ head: headOf({ id: "a", kept: true, at: now() }), decoded: () => ({ inputs, predictions, reason: null }) });
  await ports.db.transaction(async (tx) => consumer.write(tx, await finish(tx)));
  const scores = async (importance: Record<string, number>, asked?: Record<string, number>) => {
    const { told } = await set({ target: "grade", importance });
    const report = await driftOf(ports, "shop", { importance: asked });
    return [told.inputs?.importance, told.predictions?.importance, report.inputs.score, report.predictions?.score];
  };
  expect(await scores({ age: 3 })).toEqual([{ age: 3 }, {}, 0, 0]);
  expect(await scores({ prediction: 2 })).toEqual([{}, { prediction: 2 }, 0, 0]);
  expect(await scores({}, { age: 3 })).toEqual([{}, {}, 0, 0]);
  // what was stored before is of both sides
  await monitor.run(`update baselines set importance = '{"age":3}'`);
  const { predictions: stored } = await driftOf(ports, "shop");
  expect(stored?.score).toBe(0);
});
