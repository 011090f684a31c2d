import fc from "fast-check";
import { expect, test } from "vitest";
import { type AlertMemory, noMemory, step, type Verdict } from "../../src/monitor/alerts/step.ts";

const every = 30_000;
/** The states after each of these evaluations, half a minute apart. */
function states(verdicts: readonly Verdict[], forMs: number): string[] {
  let memory: AlertMemory = noMemory(0);
  return verdicts.map((verdict, index) => {
    memory = step(memory, verdict, forMs, index * every);
    return memory.state;
  });
}
const [b, m, c] = ["breached", "between", "clear"] as const;

test("it fires at once without `for`, and between threshold and clear value it goes on", () => {
  expect(states([c, b, m, m, c, m], 0)).toEqual(["ok", "firing", "firing", "firing", "ok", "ok"]);
});

test("with `for` it must hold for as long to fire, and be over for as long to be resolved", () => {
  expect(states([b, b, c, b, b, b, c, m, c, c, c], 60_000)).toEqual(
    "pending pending ok pending pending firing firing firing firing firing ok".split(" "),
  );
});

test("after a time without evaluations what must hold begins anew", () => {
  const pending = step(noMemory(0), "breached", 300_000, 0);
  const later = step(pending, "breached", 300_000, 3_600_000);
  expect(later).toMatchObject({ state: "pending", since: 3_600_000 });
});

test("it never fires before the condition held without a break for as long as it must", () => {
  const verdicts = fc.array(fc.constantFrom(b, m, c), { maxLength: 60 });
  fc.assert(
    fc.property(verdicts, fc.integer({ min: 0, max: 10 }), (sequence, steps) => {
      const seen = states(sequence, steps * every);
      seen.forEach((state, index) => {
        if (state !== "firing" || seen[index - 1] === "firing") return;
        expect(index).toBeGreaterThanOrEqual(steps);
        expect(sequence.slice(index - steps, index + 1).every((verdict) => verdict === b)).toBe(true);
      });
    }),
  );
});
