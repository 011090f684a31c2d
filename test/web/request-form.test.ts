import fc from "fast-check";
import { expect, test } from "vitest";
import { prettyJson, tableOfAnswer } from "../../web/src/features/use/answer.ts";
import { bodyOf } from "../../web/src/features/use/request-body.ts";
import { type Column, cellOf, readRows, rowsOfBody } from "../../web/src/features/use/rows.ts";
import { recentRates } from "../../web/src/features/use/usage.ts";

const columns: Column[] = [
  { name: "colour", type: "text", only: null },
  { name: "size", type: "number", only: null },
  { name: "sold", type: null, only: null },
];
const names = columns.map(({ name }) => name);
const rows = [
  ["red", 1.5, true],
  ["7", null, false],
];

test.each([
  ["a list of rows", JSON.stringify(rows)],
  [
    "a list of objects",
    JSON.stringify(rows.map((row) => Object.fromEntries(names.map((name, at) => [name, row[at]])))),
  ],
  ["a body of Azure ML", JSON.stringify({ data: rows })],
  ["a body of MLflow", JSON.stringify({ dataframe_split: { columns: names, data: rows } })],
  ["CSV with its columns in another order", "size,sold,colour\n1.5,true,red\n,false,7\n"],
  ["CSV without a first line of names", "red;1.5;true\r\n7;;false\r\n"],
  ["what is copied from a sheet", 'colour\tsize\tsold\n"red"\t1.5\ttrue\n7\t\tfalse'],
])("rows are read from %s", (_what, text) => {
  expect(readRows(text, columns)).toEqual(rows);
});

test("quotes, separators and line ends in CSV are part of the value", () => {
  expect(readRows('"a, ""b""\nc",2,x', columns)).toEqual([['a, "b"\nc', 2, "x"]]);
});

test.each([
  ["", "no rows"],
  ["[1, 2", "is none"],
  ["[[1, 2]]", "2 values"],
  ['[{"colour": "red", "size": 1}]', "has no sold"],
  ["colour,size\nred,1", "no column sold"],
  ["[[1, 2, {}]]", "neither"],
])("%j is refused with what is wrong", (text, words) => {
  expect(() => readRows(text, columns)).toThrow(words);
});

test("rows written as CSV are read back", () => {
  const text = fc.string({ unit: "grapheme" }).filter((value) => value.trim() === value && !/\r/.test(value));
  const quoted = (value: string) => `"${value.replaceAll('"', '""')}"`;
  fc.assert(
    fc.property(fc.array(fc.tuple(text, fc.integer()), { minLength: 1 }), (given) => {
      const two: Column[] = [
        { name: "first column", type: "text", only: null },
        { name: "second column", type: "number", only: null },
      ];
      const csv = `first column,second column\n${given.map(([word, number]) => `${quoted(word)},${number}`).join("\n")}`;
      expect(readRows(csv, two)).toEqual(given);
    }),
  );
});

test("what is typed becomes a number, a truth value, text or nothing, as the column takes it", () => {
  expect(["7", " 1e3 ", "true", "", "red", "-0.5"].map((text) => cellOf(text, null))).toEqual([
    7,
    1000,
    true,
    null,
    "red",
    -0.5,
  ]);
  expect(["7", "true", ""].map((text) => cellOf(text, "text"))).toEqual(["7", "true", ""]);
});

test("a body in each language holds the rows, with the names where the model has some", () => {
  expect(JSON.parse(bodyOf("azure", rows, names, "predict"))).toEqual({ data: rows });
  expect(JSON.parse(bodyOf("azure", rows, names, "predict_proba"))).toMatchObject({ method: "predict_proba" });
  expect(JSON.parse(bodyOf("mlflow", rows, names, "predict"))).toEqual({
    dataframe_split: { columns: names, data: rows },
  });
  expect(JSON.parse(bodyOf("mlflow", [[1, 2]], null, "predict"))).toEqual({ inputs: [[1, 2]] });
  expect(JSON.parse(bodyOf("inference", rows, names, "predict"))).toEqual({
    inputs: [
      { name: "colour", datatype: "BYTES", shape: [2, 1], data: ["red", "7"] },
      { name: "size", datatype: "FP64", shape: [2, 1], data: [1.5, null] },
      { name: "sold", datatype: "BOOL", shape: [2, 1], data: [true, false] },
    ],
  });
  expect(JSON.parse(bodyOf("inference", [[1, 2]], null, "predict"))).toEqual({
    inputs: [{ name: "input", datatype: "FP64", shape: [1, 2], data: [1, 2] }],
  });
});

test("a sample that holds no rows gives none, whatever it is", () => {
  for (const text of [null, "", "{}", "[1]", '{"data": "x"}', '{"data": [[1], [1, 2]]}', '{"data": [[{}]]}'])
    expect(rowsOfBody(text)).toBeUndefined();
  fc.assert(fc.property(fc.oneof(fc.string(), fc.json()), (text) => void rowsOfBody(text)));
});

test("answers are shown as a table where they are one, in each language", () => {
  expect(tableOfAnswer("azure", "[7, 8]")).toEqual({ columns: ["prediction"], rows: [["7"], ["8"]] });
  expect(tableOfAnswer("azure", "[[0.1, 0.9]]")).toEqual({ columns: ["0", "1"], rows: [["0.1", "0.9"]] });
  expect(tableOfAnswer("mlflow", '{"predictions": [{"a": 1}, {"b": "x"}]}')).toEqual({
    columns: ["a", "b"],
    rows: [
      ["1", ""],
      ["", "x"],
    ],
  });
  const outputs = [
    { name: "predict", datatype: "INT64", shape: [2], data: [7, 8] },
    { name: "predict_proba", datatype: "FP64", shape: [2, 2], data: [0.1, 0.9, 0.3, 0.7] },
  ];
  expect(tableOfAnswer("inference", JSON.stringify({ outputs }))).toEqual({
    columns: ["predict", "predict_proba 0", "predict_proba 1"],
    rows: [
      ["7", "0.1", "0.9"],
      ["8", "0.3", "0.7"],
    ],
  });
  for (const text of ["", "{}", "[]", '"x"', "[[1], [1, 2]]", "[[]]"]) expect(tableOfAnswer("azure", text)).toBeNull();
  for (const language of ["azure", "inference", "mlflow"] as const)
    fc.assert(fc.property(fc.oneof(fc.string(), fc.json()), (text) => void tableOfAnswer(language, text)));
});

test("JSON is shown with each row on one line, and means the same", () => {
  expect(prettyJson('{"data":[[1,"a"],[2,null]],"method":"predict"}')).toBe(
    '{\n  "data": [\n    [1, "a"],\n    [2, null]\n  ],\n  "method": "predict"\n}',
  );
  expect(prettyJson("no JSON")).toBe("no JSON");
  const deep = "[".repeat(50_000) + "]".repeat(50_000);
  expect(prettyJson(deep)).toBe(deep);
  expect(prettyJson('{"id": 12345678901234567891}')).toContain("12345678901234567891");
  expect(tableOfAnswer("azure", "[12345678901234567891]")).toBeNull();
  fc.assert(
    fc.property(fc.json(), (text) => {
      expect(JSON.stringify(JSON.parse(prettyJson(text)))).toBe(JSON.stringify(JSON.parse(text)));
    }),
  );
});

test("a rate is that of the last steps, the one that is not over included", () => {
  const step = 300_000;
  const series = [100, 10, 5].map((requests, place) => ({ at: place * step, requests, errors: place }));
  expect(recentRates(series, 2.5 * step)).toEqual({ requests: 2, errors: 0.4 });
  expect(recentRates([], 0)).toEqual({ requests: 0, errors: 0 });
});
