import { expect, it } from "vitest";
import { watchDrift } from "../../../src/monitor/drift/watch-drift.ts";
import { useShop } from "./shop.ts";

const hour = 3_600_000;
const shop = useShop();

/** An hour in which the service is asked 300 rows, evaluated at its end. */
async function passHour(shift: number): Promise<[string, string][]> {
  const { monitor } = shop;
  await shop.ask(300, shift);
  monitor.advance(hour);
  const before = await events();
  await watchDrift(monitor.ports);
  await watchDrift(monitor.ports);
  return (await events()).slice(before.length);
}

async function events(): Promise<[string, string][]> {
  const { rows } = await shop.monitor.run("select type, data from events order by sequence");
  return (rows as { type: string; data: string }[]).map(({ type, data }) => [type, JSON.parse(data).column]);
}

it("an event tells once that a column began to drift, in the second window it differs in, and once that it ended", async () => {
  const told: [string, string][][] = [];
  for (const shift of [0, 0, 1, 1, 1, 0, 0, 0]) told.push(await passHour(shift));
  expect(told).toEqual([
    ...[[], [], [], [["modelyard.drift.began", "x"]], [], []],
    ...[[["modelyard.drift.ended", "x"]], []],
  ]);
});
