import { expect, test } from "vitest";
import { operations } from "../../src/contract/operations.ts";
import { presenters } from "../../src/doors/cli/present/index.ts";

const nothing = { items: [], nextPageToken: null };

test.each([
  ["listRecords", "modelyard service invoke NAME --data BODY", "modelyard record list"],
  ["listLabels", "modelyard label add SERVICE REQUEST VALUE", "modelyard label list"],
  ["listDatasets", "modelyard dataset create NAME --service SERVICE --since 7d", "modelyard dataset list"],
  ["listCollections", "docs/guide/collections.md", "modelyard collection list"],
] as const)("an empty %s says how to fill it, and how to see what filters left out", (name, fill, all) => {
  const present = presenters[name];
  expect(present(nothing, { now: 0, input: { pageSize: 5 } }).talk).toContain(fill);
  expect(present(nothing, { now: 0, input: { service: "dgits" } }).talk).toBe(`Nothing fits. See all: ${all}`);
});

test("the first request that is proposed names a body, as a service may have no sample to send", () => {
  const { deployService, summariseUsage } = presenters;
  const service = { ...operations.deployService.example.output, name: "digits" } as never;
  expect(deployService?.(service, { now: 0, input: {} }).talk).toBe(
    "Next: modelyard service invoke digits --data BODY, modelyard service keys digits",
  );
  const nobody = summariseUsage?.({ items: [], dropped: {} } as never, { now: 0, input: {} });
  expect(nobody?.talk).toContain("modelyard service invoke NAME --data BODY");
});

test("a log without a line says whether nothing is in it, or nothing of the request", () => {
  const { getServiceLogs } = presenters;
  const shown = (input: Record<string, unknown>) =>
    getServiceLogs?.({ revision: 2, lines: [] }, { now: 0, input: { name: "digits", ...input } });
  expect(shown({})).toEqual({ talk: "The log of revision 2 is empty" });
  const talk = shown({ requestId: "r-1" })?.talk;
  expect(talk).toContain("The log of revision 2 has no line of the request r-1");
  expect(talk).toContain("modelyard service logs digits --revision N --request-id r-1");
});
