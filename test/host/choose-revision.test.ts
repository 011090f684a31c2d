import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type Traffic, trafficProblems } from "../../src/contract/traffic.ts";
import { chooseRevision } from "../../src/host/choose-revision.ts";

const choicesOf = (shares: Record<number, number>, down: number[] = []) =>
  new Map(
    Object.entries(shares).map(([number, share]) => [
      Number(number),
      { number: Number(number), wanted: { share }, credit: 0, isReady: () => !down.includes(Number(number)) },
    ]),
  );
const chosenBy = (choices: ReturnType<typeof choicesOf>, traffic: Traffic | undefined, headers = {}) =>
  chooseRevision(choices, traffic, headers)?.number;
const callers = Array.from({ length: 2000 }, (_, index) => `caller-${index}`);
const countOf = (chosen: (number | undefined)[], number: number) => chosen.filter((one) => one === number).length;

describe("shares", () => {
  it("are kept exactly in any 100 requests", () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 100 }), (share) => {
        const choices = choicesOf({ 1: share, 2: 100 - share, 3: 0 });
        const chosen = Array.from({ length: 100 }, () => chosenBy(choices, undefined));
        expect([countOf(chosen, 1), countOf(chosen, 2)]).toEqual([share, 100 - share]);
      }),
    );
  });
});

describe("rules", () => {
  const traffic = {
    rules: [
      { header: "x-group", equals: "beta", revision: 3 },
      { header: "x-country", equals: "se", revision: 2 },
    ],
  };
  const choices = choicesOf({ 1: 100, 2: 0, 3: 0 });

  it("send requests with their value to their revision, whatever its share; the first that fits wins", () => {
    expect(chosenBy(choices, traffic, { "x-group": "beta", "x-country": "se" })).toBe(3);
    expect(chosenBy(choices, traffic, { "x-country": "se" })).toBe(2);
    expect(chosenBy(choices, traffic, { "x-group": "Beta" })).toBe(1);
    expect(chosenBy(choices, traffic)).toBe(1);
  });

  it("whose revision is not ready or not there are passed over", () => {
    expect(chosenBy(choicesOf({ 1: 100, 2: 0, 3: 0 }, [3]), traffic, { "x-group": "beta", "x-country": "se" })).toBe(2);
    expect(chosenBy(choicesOf({ 1: 100 }), traffic, { "x-group": "beta" })).toBe(1);
  });
});

describe("sticky traffic", () => {
  const traffic = { sticky: "x-user" };
  const all = (shares: Record<number, number>, down: number[] = []) => {
    const choices = choicesOf(shares, down);
    return callers.map((user) => chosenBy(choices, traffic, { "x-user": user }));
  };

  it("gives one caller the same revision each time, in every process", () => {
    expect(all({ 1: 70, 2: 30 })).toEqual(all({ 2: 30, 1: 70 }));
    expect(all({ 1: 70, 2: 30 }).slice(0, 8)).toMatchInlineSnapshot(`
      [
        2,
        1,
        1,
        1,
        1,
        1,
        1,
        1,
      ]
    `);
  });

  it("gives each revision its share of many callers", () => {
    const second = countOf(all({ 1: 70, 2: 30 }), 2) / callers.length;
    expect(second).toBeGreaterThan(0.26);
    expect(second).toBeLessThan(0.34);
    expect(countOf(all({ 1: 100, 2: 0 }), 2)).toBe(0);
  });

  it("moves callers only to the revision that gains", () => {
    const before = all({ 1: 90, 2: 10 });
    const after = all({ 1: 50, 2: 50 });
    before.forEach((number, index) => {
      if (number === 2) expect(after[index]).toBe(2);
    });
  });

  it("leaves the callers of other revisions alone when one is not ready", () => {
    const before = all({ 1: 40, 2: 30, 3: 30 });
    const after = all({ 1: 40, 2: 30, 3: 30 }, [2]);
    before.forEach((number, index) => {
      if (number === 2) expect([1, 3]).toContain(after[index]);
      else expect(after[index]).toBe(number);
    });
  });

  it("goes by share for a request without the header", () => {
    const choices = choicesOf({ 1: 50, 2: 50 });
    expect([chosenBy(choices, traffic), chosenBy(choices, traffic)].sort()).toEqual([1, 2]);
  });
});

describe("traffic that cannot be", () => {
  const revisions = [
    { number: 1, share: 100 },
    { number: 2, share: 0 },
  ];
  it.each([
    [{}, []],
    [
      {
        rules: [{ header: "x-a", equals: "b", revision: 2 }],
        sticky: "authorization",
        mirror: { revision: 2, rate: 1 },
      },
      [],
    ],
    [{ sticky: null, mirror: null }, []],
    [null, ["traffic"]],
    [{ split: 1 }, ["traffic.split"]],
    [{ rules: {} }, ["traffic.rules"]],
    [{ rules: [7] }, ["traffic.rules[0].header", "traffic.rules[0].equals", "traffic.rules[0].revision"]],
    [
      { rules: [{ header: "X-A", equals: "b", revision: 3 }] },
      ["traffic.rules[0].header", "traffic.rules[0].revision"],
    ],
    [{ rules: [{ header: "authorization", equals: "b", revision: 2 }] }, ["traffic.rules[0].header"]],
    [{ sticky: "no spaces" }, ["traffic.sticky"]],
    [{ mirror: { revision: 1, rate: 0.1 } }, ["traffic.mirror.revision"]],
    [{ mirror: { revision: 2, rate: 0 } }, ["traffic.mirror.rate"]],
    [{ mirror: "all" }, ["traffic.mirror.revision", "traffic.mirror.rate"]],
  ])("%j is wrong at %j", (traffic, members) => {
    expect(trafficProblems(traffic, revisions).map((problem) => problem.split(": ", 1)[0])).toEqual(members);
  });

  it("is said, whatever it is", () => {
    fc.assert(fc.property(fc.anything(), (traffic) => Array.isArray(trafficProblems(traffic, revisions))));
  });
});
