import { expect, test } from "vitest";
import { actionText, type Entry, earlierRevisions, modelsOf } from "../../web/src/features/update/history.ts";

const entry = (
  action: Entry["action"],
  revision: number | null,
  models?: [string | null, string],
  outcome: Entry["outcome"] = "done",
): Entry => ({
  ...{ id: `${action}-${revision}`, at: 0, by: "ci", reason: null, error: null },
  ...{ action, revision, outcome },
  differences: models === undefined ? [] : [{ what: "models", from: models[0], to: models[1] }],
});

const history = [
  entry("roll-back", 6, ["digits:3", "digits:2"]),
  entry("update", null, ["digits:3", "digits:4"], "failed"),
  entry("update", 5),
  entry("stop", null),
  entry("update", 4, ["digits:2", "digits:3"]),
  entry("deploy", 3, [null, "digits:2"]),
  entry("delete", null),
  entry("deploy", 1, [null, "digits:1"]),
];

test("a service can go back to what answered since it was deployed last, and to nothing that failed or was another service's", () => {
  expect(earlierRevisions(history, 6)).toEqual([5, 4, 3]);
  expect(earlierRevisions(history.slice(4), 4)).toEqual([3]);
  expect(earlierRevisions([], 0)).toEqual([]);
});

test("what a revision ran is known from the changes that led to it", () => {
  expect([6, 5, 4, 3].map((revision) => modelsOf(history, revision))).toEqual([
    ...["digits:2", "digits:3", "digits:3", "digits:2"],
  ]);
  expect(modelsOf(history.slice(0, 3), 5)).toBeUndefined();
});

test("a change is told as done, as going on, or as failed", () => {
  expect(actionText({ action: "roll-back", outcome: "done" })).toBe("Rolled back");
  expect(actionText({ action: "update", outcome: "running" })).toBe("Update running");
  expect(actionText({ action: "deploy", outcome: "failed" })).toBe("Deployment failed");
});
