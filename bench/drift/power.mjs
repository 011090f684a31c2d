// What each test finds of a shift by 0.2 standard deviations when its threshold alarms for nothing in 5 of 100 windows.

const shares = [0.4, 0.3, 0.2, 0.1];
const moved = [0.34, 0.29, 0.23, 0.14];

function drawNumbers(random, n, shift) {
  const sample = () => Float64Array.from({ length: n }, () => random.normal()).sort();
  return { kind: "number", baseline: sample(), current: sample().map((value) => value + shift) };
}

function drawCategories(random, n, now) {
  const counts = (of) => {
    const found = of.map(() => 0);
    for (let i = 0; i < n; i += 1) {
      let left = random.uniform();
      let place = 0;
      while (place < of.length - 1 && left >= of[place]) left -= of[place++];
      found[place] += 1;
    }
    return found;
  };
  return { kind: "category", baseline: counts(shares), current: counts(now) };
}

/** Small p counts as far apart; without p, the value does. */
const distance = ({ value, pValue }) => (pValue === null ? value : 1 - pValue);

/** Power of every test that takes the kind, at `n` rows each. */
export function powers({ driftTests, makeRandom, runTest }, kind, n, trials) {
  const draw =
    kind === "number"
      ? { same: (r) => drawNumbers(r, n, 0), moved: (r) => drawNumbers(r, n, 0.2) }
      : { same: (r) => drawCategories(r, n, shares), moved: (r) => drawCategories(r, n, moved) };
  const random = makeRandom(n);
  // The exact p of many values takes long and orders samples as their distance does.
  const tests = driftTests.filter(({ name, kinds }) => kinds.includes(kind) && name !== "ks:exact");
  const found = (make) => {
    const distances = tests.map(() => []);
    for (let trial = 0; trial < trials; trial += 1) {
      const samples = make(random);
      for (const [i, test] of tests.entries()) distances[i].push(distance(runTest(test, samples)));
    }
    return distances;
  };
  const thresholds = found(draw.same).map((values) => values.sort((a, b) => a - b)[Math.ceil(0.95 * trials) - 1]);
  return found(draw.moved).map((values, i) => ({
    test: tests[i].name,
    power: values.filter((value) => value > thresholds[i]).length / trials,
  }));
}
