// What each test finds of a small change when its threshold alarms for nothing in 5 of 100 windows: ours and Evidently's on the same draws.
import { askEvidently } from "./evidently.mjs";
import { profiledPair } from "./trials.mjs";

/** Small p counts as far apart; without p, the value does. */
const distance = ({ value, pValue }) => (pValue === null ? value : 1 - pValue);

function countsOf(values, names) {
  const counts = new Map(names.map((name) => [name, 0]));
  for (const value of values) counts.set(value, counts.get(value) + 1);
  return [...counts.values()];
}

/** The samples of a trial as the tests take them. */
function pairOf(kind, baseline, current) {
  if (kind === "number")
    return { kind, baseline: Float64Array.from(baseline).sort(), current: Float64Array.from(current).sort() };
  const names = [...new Set([...baseline, ...current])].sort();
  return { kind, baseline: countsOf(baseline, names), current: countsOf(current, names) };
}

/** What the default policy computes of the profiles of two samples: its test and its effect. */
function ofPolicy(statistics, baseline, current) {
  const [{ comparison }] = statistics.compareTables(...profiledPair(statistics, { x: baseline }, { x: current }));
  const { test, effect } = comparison;
  return [
    [test.name, 1 - test.pValue],
    [effect.name, effect.value],
  ];
}

function distancesOf(statistics, tests, kind, baseline, current) {
  const samples = pairOf(kind, baseline, current);
  const found = tests.map((test) => [test.name, distance(statistics.runTest(test, samples))]);
  // Of categories the policy computes what is in the list already.
  return kind === "category" ? found : [...ofPolicy(statistics, baseline, current), ...found];
}

/** Of distances without and with a change, the share above the threshold that 5 of 100 of the former are above. */
function powerOf(same, moved) {
  const threshold = same.sort((a, b) => a - b)[Math.ceil(0.95 * same.length) - 1];
  return moved.filter((value) => value > threshold).length / moved.length;
}

/** Power of every test that takes the kind: `ours` and `evidently`, by name. */
export async function powers(statistics, task, say) {
  // The exact p of many values takes long and orders samples as their distance does.
  const tests = statistics.driftTests.filter(({ name, kinds }) => kinds.includes(task.kind) && name !== "ks:exact");
  const found = { ours: new Map(), evidently: new Map() };
  const add = (side, name, place, value) => {
    if (!found[side].has(name)) found[side].set(name, [[], []]);
    found[side].get(name)[place].push(value);
  };
  for await (const { baseline, same, moved, evidently } of askEvidently(task, say)) {
    for (const [place, current] of [same, moved].entries())
      for (const [name, value] of distancesOf(statistics, tests, task.kind, baseline, current))
        add("ours", name, place, value);
    for (const [name, values] of Object.entries(evidently))
      for (const [place, value] of values.entries()) add("evidently", name, place, value);
  }
  const shares = (side) => Object.fromEntries([...found[side]].map(([name, pair]) => [name, powerOf(...pair)]));
  return { ...task, ours: shares("ours"), evidently: shares("evidently") };
}
