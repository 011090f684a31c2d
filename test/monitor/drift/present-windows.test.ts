import { expect, it } from "vitest";
import { driftOf } from "../../../src/monitor/drift/drift-of.ts";
import { defaultPolicy } from "../../../src/monitor/drift/policy.ts";
import { useShop } from "./shop.ts";

const minute = 60_000;
const shop = useShop();

async function look() {
  const { monitor } = shop;
  const policy = { ...defaultPolicy, confirm: 1, windows: 1 };
  const { windows, inputs } = await driftOf(monitor.ports, "shop", { windowMs: 5 * minute, policy });
  const { to = 0, rows } = windows.at(-1) ?? {};
  return { agoMs: monitor.now() - to, rows, column: inputs.columns[0] };
}

it("the last window is the last five minutes until there are rows in those that have just begun", async () => {
  await shop.ask(300, 1);
  shop.monitor.advance(5 * minute + 2000);
  const just = await look();
  expect(just).toMatchObject({ agoMs: 2000, rows: 300, column: { state: "drifting", rows: 300 } });
  await shop.ask(300, 0);
  expect(await look()).toMatchObject({ agoMs: 2000 - 5 * minute, rows: 300, column: { state: "steady", rows: 300 } });
});

it("values are of the windows that make the state: none beside not enough data", async () => {
  shop.monitor.advance(5 * minute);
  await shop.ask(10, 0);
  const { column } = await look();
  expect(column).toMatchObject({ state: "not-enough-data", rows: 10, effect: null, test: null });
  expect(column?.effects.filter((effect) => effect !== null)).toHaveLength(2);
});
