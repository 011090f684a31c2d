import fc from "fast-check";
import { expect, test } from "vitest";
import { ModelyardError } from "../../src/contract/errors.ts";
import { type Comparison, type Filter, grammars } from "../../src/register/filter/grammar.ts";
import { parseOrder } from "../../src/register/filter/order.ts";
import { parseFilter } from "../../src/register/filter/parse.ts";

const own = (filter: string) => parseFilter(filter, grammars.versions, 1_000_000_000_000);
const mlflow = (filter: string) => parseFilter(filter, grammars.mlflowVersions, 0);
const compare = (name: string, operator: Comparison["operator"], ...values: (string | number)[]): Filter => ({
  kind: "compare",
  key: { kind: "attribute", name },
  operator,
  values,
});

const text = fc.string({ unit: "grapheme", maxLength: 12 });
const quote = (value: string) => `'${value.replaceAll("'", "''")}'`;
const key = fc.oneof(
  fc.constantFrom("name", "framework", "source").map((name) => ({ kind: "attribute", name }) as const),
  fc.record({ kind: fc.constantFrom("tag", "property"), name: fc.stringMatching(/^[^`]{1,10}$/) }),
);
const comparison: fc.Arbitrary<Filter> = fc.record({
  kind: fc.constant("compare"),
  key,
  operator: fc.constantFrom("=", "!="),
  values: fc.tuple(text),
});
const { filter: anyFilter } = fc.letrec<{ filter: Filter }>((tie) => ({
  filter: fc.oneof(
    { maxDepth: 4, depthIdentifier: "filter" },
    comparison,
    fc.record({ kind: fc.constantFrom("all", "any"), parts: fc.array(tie("filter"), { minLength: 2, maxLength: 3 }) }),
    fc.record({ kind: fc.constant("not"), part: tie("filter") }),
  ),
}));

function written(filter: Filter): string {
  if (filter.kind === "not") return `NOT (${written(filter.part)})`;
  if (filter.kind !== "compare")
    return filter.parts.map((part) => `(${written(part)})`).join(filter.kind === "all" ? " AND " : " or ");
  const { kind, name } = filter.key;
  return `${kind === "attribute" ? name : `${kind}s.\`${name}\``.replace("propertys", "properties")} ${filter.operator} ${quote(String(filter.values[0]))}`;
}

test("what is written out is read as it was meant, whatever the texts hold", () => {
  fc.assert(
    fc.property(anyFilter, (filter) => {
      expect(own(written(filter))).toEqual(filter);
    }),
    { numRuns: 500 },
  );
});

test("any text is either read or refused as invalid-input", () => {
  const word = fc.constantFrom(
    "name",
    "tags.",
    "`",
    "'",
    '"',
    "(",
    ")",
    " AND ",
    " or ",
    "NOT ",
    "IN",
    "=",
    "~",
    "1e9",
    "<",
  );
  const mess = fc.oneof(
    fc.string(),
    fc.array(fc.oneof(word, fc.string({ maxLength: 3 }))).map((parts) => parts.join(" ")),
  );
  fc.assert(
    fc.property(mess, fc.constantFrom(...Object.values(grammars)), (filter, grammar) => {
      try {
        parseFilter(filter, grammar, 0);
      } catch (error) {
        expect((error as ModelyardError).code).toBe("invalid-input");
      }
    }),
    { numRuns: 2000 },
  );
});

test("AND binds closer than OR, and parentheses closer than both", () => {
  const [a, b, c] = ["a", "b", "c"].map((value) => compare("name", "=", value)) as [Filter, Filter, Filter];
  expect(own("name = 'a' OR name = 'b' AND name = 'c'")).toEqual({
    kind: "any",
    parts: [a, { kind: "all", parts: [b, c] }],
  });
  expect(own("(name = 'a' or name = 'b') and NOT name = 'c'")).toEqual({
    kind: "all",
    parts: [
      { kind: "any", parts: [a, b] },
      { kind: "not", part: c },
    ],
  });
});

test("values have the type of what they are compared with", () => {
  expect(own("metrics.accuracy > 0.9")).toMatchObject({ key: { kind: "metric", name: "accuracy" }, values: [0.9] });
  expect(own("version IN (1, '2')")).toEqual(compare("version", "IN", 1, 2));
  expect(own("created_at >= '2026-03-03T10:00:00Z'")).toEqual(compare("created_at", ">=", Date.UTC(2026, 2, 3, 10)));
  expect(own("unused_since < '30d'")).toEqual(compare("unused_since", "<", 1_000_000_000_000 - 30 * 86_400_000));
  expect(own("live = true")).toEqual(compare("live", "=", "true"));
  expect(own("stage IN ('production', 'NONE')")).toEqual(compare("stage", "IN", "Production", "None"));
  expect(() => own("stage = 'Prodution'")).toThrow(/stage is compared with one of None, Staging, Production, Archived/);
  for (const wrong of ["version = 'x'", "live = 'maybe'", "created_at < 'soon'", "metrics.a > 'b'", "name = 5"])
    expect(() => own(wrong), wrong).toThrow(ModelyardError);
});

test("a mistake is told with its place", () => {
  expect(() => own("name = 'a' AND nmae = 'b'")).toThrow(/character 16: nmae is not one of name,/);
  expect(() => own("name = 'a")).toThrow(/character 8: the ' is not closed/);
  expect(() => own(`${"(".repeat(200)}name = 'a'`)).toThrow(/inside each other/);
});

test("the MLflow way of writing knows AND only, and its own keys, signs and quotes", () => {
  const isPrompt = {
    kind: "compare",
    key: { kind: "tag", name: "mlflow.prompt.is_prompt" },
    operator: "!=",
    values: ["true"],
  };
  expect(mlflow("name = 'a' AND tag.`mlflow.prompt.is_prompt` != 'true'")).toEqual({
    kind: "all",
    parts: [compare("name", "=", "a"), isPrompt],
  });
  expect(mlflow('tags."x y" = "b" and version_number > \'2\'')).toMatchObject({
    parts: [{ key: { kind: "tag", name: "x y" } }, { values: [2] }],
  });
  expect(mlflow("run_id IN ('a','b')")).toEqual(compare("run_id", "IN", "a", "b"));
  expect(mlflow("")).toBeUndefined();
  for (const wrong of [
    "name = 'a' OR name = 'b'",
    "(name = 'a')",
    "NOT name = 'a'",
    "name",
    "name = a",
    "name = 'it''s'",
    "run_id IN ()",
    "version_number LIKE '1'",
    "version_number IN (1)",
    "current_stage = 'None'",
    "aliases.a = '1'",
    "creation_timestamp > 1",
    "metrics.a > 1",
    "name > 'a'",
    "tags.a IN ('b')",
  ])
    expect(() => mlflow(wrong), wrong).toThrow(ModelyardError);
  expect(() => parseFilter("run_id = 'a'", grammars.mlflowModels, 0)).toThrow(ModelyardError);
});

test("orders are columns with a direction, each once", () => {
  expect(parseOrder(["version_number DESC", "name", "name desc"], grammars.mlflowVersions)).toEqual([
    { column: "version", descending: true },
    { column: "name", descending: false },
  ]);
  for (const wrong of ["digest", "name up", "name; drop table", ""])
    expect(() => parseOrder([wrong], grammars.versions), wrong).toThrow(ModelyardError);
});
