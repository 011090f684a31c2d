import fc from "fast-check";
import { expect, it } from "vitest";
import type { SpooledHead } from "../../src/contract/host.ts";
import { headPieces } from "../../src/host/head-bytes.ts";

const text = fc.string({ unit: "binary", maxLength: 12 });
const count = fc.nat(1000);
/** Two services that share a few values, so that what was written for one head is tried on the next. */
const few = <T>(...values: T[]) => fc.constantFrom(...values);
const [one, two]: string[][] = [["a:1"], ["b:1", "ä:2"]];

// all members, so that one that is new is tried too
const members: { [Member in keyof Required<SpooledHead>]: fc.Arbitrary<SpooledHead[Member]> } = {
  id: text,
  service: few("shop", 'sh"op'),
  revision: few(0, 1, 2),
  image: few("", "i"),
  models: few(one as string[], two as string[]),
  at: count,
  durationMs: fc.double({ min: 0, max: 1e6, noNaN: true }),
  status: few(200, 500),
  kept: fc.boolean(),
  bodySize: count,
  answerSize: count,
  bodyBytes: count,
  answerBytes: count,
  contentType: few("text/plain", "té\n", null),
  answerType: few("application/json", null),
  weight: few(2.5, undefined),
  outOfSample: few(true, undefined),
  traceId: few("ab".repeat(16), undefined),
  mirrored: few(true, undefined),
  language: few("azure" as const, "mlflow" as const, undefined),
  bodyJsonBytes: few(3, Number.NaN, undefined),
  answerJsonBytes: few(4, undefined),
  correlationId: fc.option(text, { nil: undefined }),
  caller: few("key:primary", "key:secondary", undefined),
  rows: fc.option(count, { nil: undefined }),
  error: few("rows-invalid", undefined),
};
const heads = fc.record(members) as fc.Arbitrary<SpooledHead>;
const written = (head: SpooledHead): unknown => {
  const { first, rest } = headPieces(head);
  return JSON.parse(Buffer.concat([first, Buffer.from(rest)]).toString());
};

it("says what JSON.stringify says of every head, whatever came before it", () => {
  fc.assert(
    fc.property(fc.array(heads, { minLength: 1, maxLength: 8 }), (some) => {
      for (const head of some) expect(written(head)).toEqual(JSON.parse(JSON.stringify(head)));
    }),
  );
});
