import { createHmac } from "node:crypto";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { RequestLanguage, Signature } from "../../src/contract/host.ts";
import type { FieldRule } from "../../src/contract/record-rules.ts";
import { decodeRecord } from "../../src/records/decode-record.ts";
import { redactBy } from "../../src/records/redact/field-rules.ts";
import { isLowConfidence } from "../../src/records/redact/low-confidence.ts";
import { redactRecord } from "../../src/records/redact/redact-record.ts";
import { makeRedactor, type Redactor, redactTable } from "../../src/records/redact/redactor.ts";
import type { Table, Value } from "../../src/records/table.ts";

const key = Buffer.alloc(32, 7);
const redactor = (fields: Record<string, FieldRule>): Redactor => makeRedactor(fields, key) as Redactor;

const finite = fc.double({ noNaN: true, noDefaultInfinity: true }).map((value) => value + 0);
const texts = fc.string({ unit: "grapheme", maxLength: 12 });
const values: fc.Arbitrary<Value> = fc.oneof(finite, texts, fc.boolean(), fc.constant(null));
const rules: fc.Arbitrary<FieldRule> = fc.oneof(
  fc.constant({ kind: "drop" as const }),
  fc.constant({ kind: "hmac" as const }),
  fc.record({ kind: fc.constant("mask" as const), last: fc.nat(6) }),
  fc.record({ kind: fc.constant("bucket" as const), width: fc.double({ min: 1e-3, max: 1e6, noNaN: true }) }),
  fc.uniqueArray(finite, { minLength: 1, maxLength: 5 }).map((edges) => ({
    kind: "bucket" as const,
    edges: edges.sort((a, b) => a - b),
  })),
);
const tables = (names: readonly string[], cell = values): fc.Arbitrary<Table> =>
  fc
    .array(fc.tuple(...names.map(() => cell)), { minLength: 1, maxLength: 6 })
    .map((rows) => ({ columns: [...names], rows }));

describe("a rule", () => {
  test("changes its column only, and neither the number of rows nor that of columns", () => {
    fc.assert(
      fc.property(tables(["a", "b", "c"]), rules, (table, rule) => {
        const { columns, rows } = redactTable(table, redactor({ b: rule }));
        expect(columns).toEqual(table.columns);
        expect(rows.map(([a, , c]) => [a, c])).toEqual(table.rows.map(([a, , c]) => [a, c]));
        expect(rows.every((row) => row.length === 3)).toBe(true);
      }),
    );
  });

  test("of the kind drop leaves nothing, whatever it was", () => {
    fc.assert(fc.property(values, (value) => redactBy({ kind: "drop" }, null)?.(value) === null));
  });

  test("of the kind hmac says the same of the same value, another of another, and is keyed", () => {
    const ours = redactBy({ kind: "hmac" }, key) as (value: Value) => Value;
    const others = redactBy({ kind: "hmac" }, Buffer.alloc(32, 8)) as (value: Value) => Value;
    fc.assert(
      fc.property(texts, texts, (a, b) => {
        expect(ours(a)).toBe(createHmac("sha256", key).update(a).digest("hex").slice(0, 32));
        expect(ours(a) === ours(b)).toBe(a === b);
        expect(others(a)).not.toBe(ours(a));
      }),
    );
    expect(ours(12)).toBe(ours("12"));
    expect([ours(null), ours(Number.NaN)]).toEqual([null, null]);
    expect(redactBy({ kind: "hmac" }, null)).toBe(undefined);
  });

  test("of the kind mask keeps the last characters and does not tell the length", () => {
    const masked = (text: Value, last: number) => redactBy({ kind: "mask", last }, null)?.(text);
    expect([masked("4111111111111234", 4), masked(987654321, 2), masked("abc", 0), masked(null, 4)]).toEqual([
      "****1234",
      "****21",
      "****",
      null,
    ]);
    fc.assert(
      fc.property(texts, fc.nat(6), (text, last) => {
        const letters = [...text];
        const kept = letters.length > last && last > 0 ? letters.slice(-last).join("") : "";
        expect(masked(text, last)).toBe(`****${kept}`);
      }),
    );
  });

  test("of the kind bucket gives the lower end of a range that covers the number", () => {
    const near = fc.double({ min: -1e9, max: 1e9, noNaN: true });
    fc.assert(
      fc.property(near, fc.double({ min: 1e-3, max: 1e6, noNaN: true }), (value, width) => {
        const end = redactBy({ kind: "bucket", width }, null)?.(value) as number;
        expect(end).toBeLessThanOrEqual(value);
        expect(value - end).toBeLessThanOrEqual(width * (1 + 1e-9) + Math.abs(value) * 1e-15);
      }),
    );
    const inRanges = (value: Value) => redactBy({ kind: "bucket", edges: [0, 18, 65] }, null)?.(value);
    expect([-3, 0, 17.9, 18, 64, 65, 200].map(inRanges)).toEqual([0, 0, 0, 18, 18, 65, 65]);
    expect(["18", "adult", "", true, null].map(inRanges)).toEqual([18, null, null, null, null]);
  });

  test("for a name covers the numbered columns of that name", () => {
    const { of } = redactor({ embedding: { kind: "drop" } });
    expect(
      [of("embedding.12"), of("embedding"), of("embedding.x"), of("embeddings")].map((one) => one !== undefined),
    ).toEqual([true, true, false, false]);
  });
});

describe("rows whose columns the rules cannot find are not written", () => {
  const table = (columns: string[]) => ({ columns, rows: [columns.map(() => 1)] });
  test.each([
    ["rows without names, rules by name", ["x0", "x1"], { email: { kind: "drop" } }, false],
    ["rows with names, rules by place", ["a", "b"], { x1: { kind: "drop" } }, false],
    ["rows without names, rules by both", ["x0", "x1"], { email: { kind: "drop" }, x1: { kind: "drop" } }, true],
    ["rows with names, one rule for a column that did not come", ["a", "b"], { email: { kind: "drop" } }, true],
    ["rows without names, rules for answers alone", ["x0"], { prediction: { kind: "drop" } }, true],
    ["rows without names, a rule for a name that is answered", ["x0"], { label: { kind: "drop" } }, true],
  ] as [string, string[], Record<string, FieldRule>, boolean][])("%s", (_, columns, fields, can) =>
    expect(redactor(fields).canTell(table(columns), table(["label"]))).toBe(can));
});

const rows = (names: string[] | null): Signature => ({ input: { kind: "rows", columns: 3, names } });
const text: Signature = { input: { kind: "text" } };

/** What is read from a record that was written redacted. */
function readBack(table: Table, answers: Table, language: RequestLanguage, signature: Signature) {
  const asIs = { of: () => undefined, canTell: () => true };
  const decoded = { inputs: table, predictions: answers, reason: null };
  const written = redactRecord(decoded, asIs, { language, signature, failed: false });
  const [body, answer] = [Buffer.from(written?.body ?? ""), Buffer.from(written?.answer ?? "")];
  const sizes = { bodySize: body.length, answerSize: answer.length };
  const json = "application/json";
  const record = { ...sizes, body, answer, status: 200, contentType: json, answerType: json, language };
  return decodeRecord(record, signature);
}

/** Columns of one type each, as tensors have them. */
const typed = (names: readonly string[], count: number): fc.Arbitrary<Table> =>
  fc
    .tuple(
      ...names.map(() => {
        const list = (one: fc.Arbitrary<Value>) => fc.array(one, { minLength: count, maxLength: count });
        return fc.oneof(list(fc.oneof(finite, fc.constant(null))), list(texts), list(fc.boolean()));
      }),
    )
    .map((lists) => ({
      columns: [...names],
      rows: Array.from({ length: count }, (_, row) => lists.map((list) => list[row] as Value)),
    }));

const answered = [["prediction"], ["prediction.0", "prediction.1"], ["label", "sure"]];

describe("what is written of a redacted record is read as the same rows", () => {
  const languages: RequestLanguage[] = ["azure", "mlflow", "inference", "upstream"];
  const cases = languages.flatMap((language) =>
    [
      ["numbered columns", rows(null), ["x0", "x1", "x2"]] as const,
      ["named columns", rows(["age", "colour", 'ü "n"']), ["age", "colour", 'ü "n"']] as const,
      ["those of a script", text, ["age", "colour", "b.0"]] as const,
      ["those of a script without names", text, ["x0", "x1", "x2"]] as const,
    ]
      .filter(([, signature]) => language !== "upstream" || signature === text)
      .map(([what, signature, names]) => [language, what, signature, names] as const),
  );
  test.each(cases)("in the language %s, %s", (language, _, signature, names) => {
    const count = fc.integer({ min: 1, max: 4 });
    fc.assert(
      fc.property(
        count.chain((size) =>
          fc.tuple(typed(names, size), fc.oneof(...answered.map((columns) => typed(columns, size)))),
        ),
        ([table, answers]) => {
          const { inputs, predictions, reason } = readBack(table, answers, language, signature);
          expect(reason).toBe(null);
          expect(inputs).toEqual(table);
          expect(predictions).toEqual(answers);
        },
      ),
      { numRuns: 60 },
    );
  });

  test("with values of any types beside each other, where the language has them", () => {
    fc.assert(
      fc.property(tables(["x0", "x1", "x2"]), (table) => {
        const answers = { columns: ["prediction"], rows: table.rows.map(([one]) => [one as Value]) };
        for (const [language, signature] of [
          ["azure", rows(null)],
          ["mlflow", rows(null)],
          ["azure", text],
        ] as const)
          expect(readBack(table, answers, language, signature)).toMatchObject({ inputs: table, predictions: answers });
      }),
    );
  });

  test("with scores, infinities and no rows", () => {
    const table: Table = { columns: ["x0", "x1", "x2"], rows: [[Infinity, -Infinity, 1e300]] };
    const scores: Table = { columns: ["score.0", "score.1"], rows: [[0.25, 0.75]] };
    for (const language of languages.slice(0, 3))
      expect(readBack(table, scores, language, rows(null))).toMatchObject({ inputs: table, predictions: scores });
    const none = { columns: ["prediction"], rows: [] };
    const empty = { columns: ["a", "b", "c"], rows: [] };
    for (const language of ["azure", "mlflow"] as const)
      expect(readBack(empty, none, language, rows(["a", "b", "c"]))).toMatchObject({
        inputs: empty,
        predictions: none,
      });
  });
});

test("confidence is the largest score of a row, or the number in the column that is named", () => {
  const scores: Table = { columns: ["score.0", "score.1"], rows: [[0.9, 0.1], [0.45, 0.55]] }; // biome-ignore format: a table
  const below = (limit: number, column: string | null = null) => ({
    kind: "low-confidence" as const,
    below: limit,
    column,
  });
  expect(isLowConfidence(scores, [below(0.6)])).toBe(true);
  expect(isLowConfidence(scores, [below(0.5)])).toBe(false);
  expect(isLowConfidence(scores, [below(0.2, "score.1")])).toBe(true);
  expect(isLowConfidence({ columns: ["prediction"], rows: [[0.1]] }, [below(0.6)])).toBe(false);
  expect(isLowConfidence({ columns: ["sure"], rows: [["no number"], [null]] }, [below(0.6, "sure")])).toBe(false);
});
