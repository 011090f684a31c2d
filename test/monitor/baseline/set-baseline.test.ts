import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { operations } from "../../../src/contract/operations.ts";
import { presenters } from "../../../src/doors/cli/present/index.ts";
import { setBaseline } from "../../../src/monitor/baseline/set-baseline.ts";
import { trainingRows } from "../../../src/monitor/baseline/training-rows.ts";
import { driftOf } from "../../../src/monitor/drift/drift-of.ts";
import { fsBlobStore } from "../../../src/stores/blobs/fs.ts";
import { context } from "../../events/outbox-fixture.ts";
import { type Monitor, openMonitor } from "../monitor-fixture.ts";

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
});
afterAll(async () => {
  await monitor.close();
  await rm(folder, { recursive: true, force: true });
});

test("a target that nobody named is left out of what is compared, and is named with the flag that takes it", async () => {
  await monitor.deploy("shop");
  const input = { kind: "rows", columns: 2, names: ["age", "size"] };
  await monitor.run(`update images set manifest = '${JSON.stringify({ script: null, signature: { input } })}'`);
  const set = async (target?: string) => {
    const given = { service: "shop", file: { digest, format: "csv" as const, target } };
    const ports = { ...monitor.ports, blobs: fsBlobStore(folder) };
    const told = await setBaseline(ports)(operations.setBaseline.input.parse(given), context);
    return { told, shown: presenters.setBaseline(told, { now: 0, input: given }).data };
  };
  const forgotten = await set();
  expect(forgotten.told).toMatchObject({ inputs: { columns: 2 }, predictions: null, leftOut: ["grade"] });
  expect(forgotten.shown).toBe(
    "Baseline of shop: inputs: 50 rows, 2 columns\nLeft out, as service shop has no such column: grade. What the model predicts is compared when --target names it",
  );
  const { inputs } = await driftOf(monitor.ports, "shop");
  expect(inputs.columns.map(({ column }) => column)).toEqual(["age", "size"]);
  const named = await set("grade");
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
