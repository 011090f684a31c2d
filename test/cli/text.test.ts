import { expect, test } from "vitest";
import { operations } from "../../src/contract/operations.ts";
import { exampleService } from "../../src/contract/use.ts";
import { grpcText } from "../../src/doors/cli/commands/status.ts";
import { presenters } from "../../src/doors/cli/present/index.ts";
import { registeredText } from "../../src/doors/cli/present/register-model.ts";
import { fields, sizeText, table, timeText } from "../../src/doors/cli/present/text.ts";

test("columns are as wide as their widest cell and lines have no blanks at the end", () => {
  expect(
    table(
      ["A", "B"],
      [
        ["long", null],
        [1, "xy"],
      ],
    ),
  ).toBe("A     B\nlong  -\n1     xy");
});

test("the port of gRPC is said to speak TLS where that of scoring does", () => {
  const grpc = "127.0.0.1:5082";
  expect(grpcText({ url: "https://127.0.0.1:5081", grpc })).toBe("127.0.0.1:5082 (TLS)");
  expect(grpcText({ url: "http://127.0.0.1:5081", grpc })).toBe(grpc);
});

test("what would steer the terminal is shown as a sign, and a row stays a row", () => {
  expect(table(["A"], [["x\u001b[2Jy\nz"]])).toBe("A\nx\ufffd[2Jy z");
  expect(fields([["a", "one\u202etwo\nthree\u0007"]])).toBe("a  one\ufffdtwo\nthree\ufffd");
});

test.each([
  [0, "(now)"],
  [499, "(now)"],
  [59_000, "(59 seconds ago)"],
  [59_900, "(1 minute ago)"],
  [60_000, "(1 minute ago)"],
  [7_200_000, "(2 hours ago)"],
  [-3_569_000, "(in 59 minutes)"],
  [-3_599_000, "(in 1 hour)"],
  [-7_199_000, "(in 2 hours)"],
  [-86_399_000, "(in 1 day)"],
  [-86_400_000, "(in 1 day)"],
])("%i ms ago reads %s, the nearest number of the unit", (ms, text) => {
  expect(timeText(1_764_000_000_000 - ms, 1_764_000_000_000)).toMatch(
    new RegExp(`^\\d{4}-\\d\\d-\\d\\d \\d\\d:\\d\\d:\\d\\d ${text.replace(/[()]/g, "\\$&")}$`),
  );
});

test.each([
  [999, "999 B"],
  [6210, "6.2 kB"],
  [100_000_000, "100.0 MB"],
])("%i bytes read %s", (bytes, text) => expect(sizeText(bytes)).toBe(text));

test("an erasure names the data sets that go with it, and says that an id nobody used is closed, too", () => {
  const erase = (given: object, input: object) =>
    presenters.eraseRecords?.({ ...operations.eraseRecords.example.output, ...given }, { now: 0, input: { ...input } });
  const nothing = { records: 0, collected: 0, labels: 0, files: 0 };
  const later = "What comes under this id later, labels too, is not kept";
  const unused = erase(nothing, { correlationId: "order-1", service: "shop" });
  expect(unused).toEqual({ data: `order-1 had no records of shop\n${later}` });
  const label = erase({ ...nothing, labels: 1 }, { correlationId: "order-1" });
  expect(label?.data).toBe(`order-1 had no records here, 1 label(s) erased\n${later}`);
  const held = erase({ datasets: ["set@12"] }, { correlationId: "order-1" });
  expect(held).toEqual({
    data: `2 record(s), 1 label(s) erased, 1 file(s) written anew\nData set set@12 held such a record and is erased\n${later}`,
    talk: "Build them again without it: modelyard dataset rebuild set@12",
  });
});

test("of a data set what no model is known of is no gap, and one request is one", () => {
  const example = operations.getDataset.example.output;
  const models = [{ model: "", revision: 1, rows: 3 }];
  const shown = presenters.getDataset?.({ ...example, models }, { now: 0, input: {} });
  expect(shown?.data).toMatch(/^answered by +– \(revision 1, 3 rows\)$/m);
  const made = { ...example, created: true, skipped: { "no label": 1, redacted: 2 } };
  const { talk } = presenters.createDataset?.(made, { now: 0, input: {} }) ?? {};
  expect(talk).toContain("Left out: 1 request, no label\nLeft out: 2 requests, redacted\n");
});

test("a list of services tells why one is not ready, and has no column for it while all are", () => {
  const lines = (...reasons: (string | null)[]) => {
    const items = reasons.map((reason) => ({ ...exampleService, reason }));
    return presenters.listServices?.({ items, nextPageToken: null }, { now: 0, input: {} })?.data?.split("\n") ?? [];
  };
  expect(lines(null)[0]).toMatch(/UPDATED$/);
  const [head, first, second] = lines("front 2 ended", null);
  expect(head).toMatch(/UPDATED +REASON$/);
  expect(first).toMatch(/ front 2 ended$/);
  expect(second).toMatch(/ -$/);
});

test("a new version goes to the services that run its model, beside their other models, and to none that is stopped", () => {
  const model = operations.registerModel.output.parse(operations.registerModel.example.output);
  const next = (...services: [string, "ready" | "stopped", string[]][]) =>
    registeredText(
      { ...model, name: "digits", reference: "digits:2" },
      services.map(([name, state, models]) => ({ name, state, models })),
      undefined,
    ).talk;
  expect(next()).toBe("Next: modelyard service deploy NAME --model digits:2");
  expect(next(["old", "stopped", ["digits:1"]])).toBe(next());
  expect(
    next(["a", "stopped", ["digits:1"]], ["b", "ready", ["shapes:4", "digits:1"]], ["c", "ready", ["digits:1"]]),
  ).toBe(
    "Next: modelyard service update b --model shapes:4 --model digits:2, modelyard service update c --model digits:2",
  );
});
