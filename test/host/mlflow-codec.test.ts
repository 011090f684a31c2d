import { stringify } from "csv-stringify/sync";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { ModelyardError } from "../../src/contract/errors.ts";
import { mlflowCodec } from "../../src/host/codecs/mlflow.ts";
import { readCsv } from "../../src/records/csv.ts";
import { sumsRevision } from "./host-fixture.ts";

const plain = sumsRevision();
const named = sumsRevision({ signature: { input: { kind: "rows", columns: 3, names: ["a", "b", "c"] } } });

function ask(body: string | object, revision = named, type: string | undefined = "application/json") {
  const text = typeof body === "string" ? body : JSON.stringify(body);
  const headers = type === undefined ? {} : { "content-type": type };
  const asked = { method: "POST", url: "/invocations", body: Buffer.from(text), headers };
  return mlflowCodec.decode({ ...asked, requestId: "r", service: "shop" }, revision);
}
const anyWidth = sumsRevision({ signature: { input: { kind: "rows", columns: null, names: null } } });
const csv = (text: string, revision = named) => ask(text, revision, "text/csv; charset=utf-8");

/** Rows as the worker gets them: numbers, or the JSON text. */
function rowsOf(...given: Parameters<typeof ask>): unknown {
  const [one] = ask(...given).asks;
  if (one === undefined) return "none";
  if (one.input.kind !== "rows") return Buffer.from(one.body).toString("utf8");
  const { body, input } = one;
  const numbers = [...new Float64Array(body.buffer, body.byteOffset, body.length / 8)];
  const [, columns] = input.shape;
  return Array.from({ length: numbers.length / columns }, (_, row) =>
    numbers.slice(row * columns, (row + 1) * columns),
  );
}

function refusal(run: () => unknown): string {
  try {
    run();
  } catch (error) {
    if (!(error instanceof ModelyardError)) throw error;
    const answer = JSON.parse(Buffer.from(mlflowCodec.errorAnswer(error, "r").body).toString()) as {
      error_code: string;
    };
    return `${error.status} ${answer.error_code}: ${error.message}`;
  }
  return "accepted";
}

describe("a body of MLflow's scoring protocol", () => {
  it.each([
    [
      "dataframe_split",
      {
        dataframe_split: {
          columns: ["c", "a", "b"],
          index: [7, 9],
          data: [
            [3, 1, 2],
            [6, 4, 5],
          ],
        },
      },
    ],
    [
      "dataframe_split without columns",
      {
        dataframe_split: {
          data: [
            [1, 2, 3],
            [4, 5, 6],
          ],
        },
      },
    ],
    [
      "dataframe_split with numbered columns",
      {
        dataframe_split: {
          columns: [0, 1, 2],
          data: [
            [1, 2, 3],
            [4, 5, 6],
          ],
        },
      },
    ],
    [
      "dataframe_records",
      {
        dataframe_records: [
          { b: 2, a: 1, c: 3 },
          { c: 6, b: 5, a: 4 },
        ],
      },
    ],
    [
      "instances",
      {
        instances: [
          [1, 2, 3],
          [4, 5, 6],
        ],
      },
    ],
    [
      "instances as objects",
      {
        instances: [
          { b: 2, a: 1, c: 3 },
          { c: 6, b: 5, a: 4 },
        ],
      },
    ],
    [
      "inputs",
      {
        inputs: [
          [1, 2, 3],
          [4, 5, 6],
        ],
      },
    ],
    ["inputs by column", { inputs: { c: [3, 6], b: [[2], [5]], a: [1, 4] } }],
  ])("%s becomes rows in the order of the model's columns", (_, body) => {
    expect(rowsOf(body)).toEqual([
      [1, 2, 3],
      [4, 5, 6],
    ]);
    expect(rowsOf({ ...body, params: { method: "predict_proba", other: 1 } })).toEqual([
      [1, 2, 3],
      [4, 5, 6],
    ]);
    expect(ask({ ...body, params: { method: "predict_proba" } }).asks[0]?.input).toMatchObject({
      method: "predict_proba",
    });
  });

  it("keeps text, truth values and missing values", () => {
    const data = [
      ["red", null, true],
      ["blue", 2, false],
    ];
    expect(rowsOf({ dataframe_split: { data } })).toBe(JSON.stringify(data));
    expect(rowsOf('{"inputs": [[NaN, null, -Infinity]]}')).toEqual([[Number.NaN, Number.NaN, -Infinity]]);
  });

  it("needs no Content-Type, and takes curl's own", () => {
    for (const type of [undefined, "application/x-www-form-urlencoded", "Application/JSON; charset=utf-8"])
      expect(rowsOf({ inputs: [[1, 2, 3]] }, named, type)).toEqual([[1, 2, 3]]);
  });

  it("without rows is answered by no predictions", () => {
    for (const body of [
      { inputs: [] },
      { dataframe_records: [] },
      { dataframe_split: { columns: ["a", "b", "c"], data: [] } },
    ]) {
      const { asks, encode } = ask(body);
      expect([asks, Buffer.from(encode([]).body).toString()]).toEqual([[], '{"predictions":[]}']);
    }
  });

  it("has the parameters of a signature checked where the model is not given them, as MLflow does", () => {
    const param = (name: string, type: string, shape: null[] | null = null) => ({ name, type, shape });
    const params = [
      param("top", "long"),
      param("name", "string"),
      param("scale", "double"),
      param("flag", "boolean"),
      param("list", "long", [null]),
      param("more", "object"),
      param("odd", "of another day"),
    ];
    const logged = sumsRevision({ signature: { ...plain.signature, params } });
    const asked = (value: unknown) => refusal(() => ask({ inputs: [[1, 2, 3]], params: value }, logged));
    for (const good of [
      {},
      { top: null },
      { top: 2, scale: 2, name: "é" },
      { list: [] },
      { list: [1] },
      { more: {}, flag: false },
    ])
      expect(asked({ ...good, odd: 1, unknown: 1 })).toBe("accepted");
    const wrong = [
      { top: "x" },
      { top: 2.5 },
      { top: true },
      { top: [1] },
      { name: 5 },
      { scale: true },
      { flag: 1 },
      { more: 5 },
    ];
    for (const one of [...wrong, { list: 3 }, { list: ["x"] }, { list: [[1]] }]) {
      const [name] = Object.keys(one);
      expect(asked(one)).toMatch(`400 INVALID_PARAMETER_VALUE: The parameter "${name}" is `);
    }
    expect(asked({ top: "x" })).toMatch(/ The parameter "top" is "x", not of the type long$/);
    expect(asked([1])).toBe('400 BAD_REQUEST: "params" is a list, not an object');
    expect(asked({ method: "fit" })).toMatch(/"method" of "params"/);
    const own = sumsRevision({ signature: { ...plain.signature, params: [param("method", "string")] } });
    expect(ask({ inputs: [[1, 2, 3]], params: { method: "fit" } }, own).asks[0]?.input).toMatchObject({
      method: "predict",
    });
  });

  it("of texts alone has rows of one text", () => {
    for (const form of ["inputs", "instances"])
      expect(rowsOf({ [form]: ["good", "bad"] }, anyWidth)).toBe('[["good"],["bad"]]');
    expect(refusal(() => ask({ inputs: ["a", "b", "c"] }))).toBe(
      "400 INVALID_PARAMETER_VALUE: Row 1 has 1 value; the model takes 3",
    );
  });

  it.each([
    ["no json", /^400 BAD_REQUEST: The body is not JSON/],
    ["", "400 BAD_REQUEST: The body is empty"],
    [[], "400 BAD_REQUEST: The body is a list, not an object"],
    [
      { data: [[1, 2, 3]] },
      "400 BAD_REQUEST: The body must have exactly one of dataframe_split, dataframe_records, instances, inputs; its members are: data",
    ],
    [{ inputs: [[1, 2, 3]], instances: [[1, 2, 3]] }, /exactly one of/],
    [{ inputs: 5 }, '400 BAD_REQUEST: "inputs" is a number, not a list'],
    [{ instances: { a: [1] } }, '400 BAD_REQUEST: "instances" is an object, not a list'],
    [{ instances: [1, 2, 3] }, '400 BAD_REQUEST: Row 1 of "instances" is a number, not a list of values'],
    [
      { dataframe_split: { columns: ["a"], rows: [] } },
      '400 BAD_REQUEST: "dataframe_split" has "columns", "index" and "data", not "rows"',
    ],
    [
      { dataframe_split: { columns: ["a", "b"], data: [[1]] } },
      '400 BAD_REQUEST: Row 1 has 1 value; "columns" has 2 names',
    ],
    [
      {
        dataframe_records: [
          { a: 1, b: 2, c: 3 },
          { a: 1, b: 2 },
        ],
      },
      '400 BAD_REQUEST: The column "c" is missing in row 2',
    ],
    [{ inputs: { a: [1], b: [1, 2], c: [1] } }, '400 BAD_REQUEST: The column "b" has 2 values, "a" has 1'],
    [
      { inputs: [[1, 2, 3]], params: { method: "fit" } },
      '400 BAD_REQUEST: The "method" of "params" is "fit"; it can be "predict" or "predict_proba"',
    ],
    [
      { dataframe_split: { columns: ["a", "b"], data: [[1, 2]] } },
      '400 INVALID_PARAMETER_VALUE: The column "c" is missing; the model takes ["a","b","c"]',
    ],
    [
      { dataframe_records: [{ d: 0, a: 1, b: 2, c: 3, e: 4 }] },
      '400 INVALID_PARAMETER_VALUE: The columns "d", "e" are not known; the model takes ["a","b","c"]',
    ],
    [
      { dataframe_split: { columns: ["a", "b", "a"], data: [] } },
      '400 INVALID_PARAMETER_VALUE: The column "a" is there twice',
    ],
    [{ inputs: [[1, 2]] }, "400 INVALID_PARAMETER_VALUE: Row 1 has 2 values; the model takes 3"],
    [{ inputs: [[1, 2, [3]]] }, "400 INVALID_PARAMETER_VALUE: Value 3 of row 1 is a list, not a number or text"],
  ])("%j is refused with the exact reason", (body, reason) => {
    const found = refusal(() => ask(body));
    if (typeof reason === "string") expect(found).toBe(reason);
    else expect(found).toMatch(reason);
  });

  it("of other types and for scripts is refused with what to do instead", () => {
    expect(refusal(() => ask("x", named, "application/vnd.apache.parquet"))).toMatch(
      /^400 BAD_REQUEST: The Content-Type/,
    );
    const script = { ...named, sample: null, script: { folder: "/", entry: "score.py", files: [] } };
    expect(refusal(() => ask({ inputs: [[1]] }, script))).toMatch(/^400 BAD_REQUEST: shop has an entry script/);
  });

  it("of any JSON and any text is read or refused, never more", () => {
    const value = fc.jsonValue();
    const body = fc.record(
      {
        dataframe_split: fc.oneof(
          value,
          fc.record({ columns: value, data: value, index: value }, { requiredKeys: [] }),
        ),
        dataframe_records: fc.oneof(value, fc.array(fc.dictionary(fc.constantFrom("a", "b", "c", "d"), value))),
        inputs: fc.oneof(value, fc.dictionary(fc.constantFrom("a", "b", "c"), fc.array(value))),
        params: value,
      },
      { requiredKeys: [] },
    );
    fc.assert(
      fc.property(fc.oneof(body, value), fc.constantFrom(named, plain), (given, revision) => {
        expect(refusal(() => ask(JSON.stringify(given), revision))).toMatch(/^(accepted|400 )/);
      }),
    );
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.stringMatching(/^[abc,"\r\n1.]*$/)), (text) => {
        expect(refusal(() => csv(text, plain))).toMatch(/^(accepted|400 )/);
      }),
    );
  });
});

describe("parameters of a model that has some", () => {
  const asking = (params: unknown) => {
    const body = Buffer.from(JSON.stringify({ inputs: [[1, 2, 3]], params }));
    const asked = { method: "POST", url: "/invocations", body, headers: {}, requestId: "r", service: "shop" };
    return mlflowCodec.decode(asked, named, null, true).asks[0]?.input;
  };

  it("go to it as they are, also one that is called as ours is", () => {
    expect(asking({ top: 3, method: "fast" })).toMatchObject({
      method: "predict",
      params: '{"top":3,"method":"fast"}',
    });
    expect(asking(null)).toEqual(asking(undefined));
    expect(asking(undefined)).not.toHaveProperty("params");
    expect(ask({ inputs: [[1, 2, 3]], params: { top: 3 } }).asks[0]?.input).not.toHaveProperty("params");
  });

  it("are refused when they are no object, or too much for the head of a frame", () => {
    expect(refusal(() => asking([1]))).toBe('400 BAD_REQUEST: "params" is a list, not an object');
    expect(refusal(() => asking({ text: "x".repeat(70_000) }))).toBe(
      '400 BAD_REQUEST: "params" has more than 65536 bytes',
    );
  });
});

describe("CSV", () => {
  it("is read by its column names; missing cells are NaN", () => {
    expect(rowsOf('c,a,"b"\r\n3,1,2\r\n\r\n6,,5\r\n', named, "text/csv")).toEqual([
      [1, 2, 3],
      [Number.NaN, 5, 6],
    ]);
    expect(rowsOf("a,b,c\nred,-inf,True\n,2e3,false", named, "text/csv")).toBe(
      '[["red",-1e999,true],[null,2000,false]]',
    );
    expect(rowsOf("\ufeffa,b,c\n1,2,3", named, "text/csv")).toEqual([[1, 2, 3]]);
    expect(rowsOf("a,b,c\n0x10,2,3", named, "text/csv")).toBe('[["0x10",2,3]]');
    expect(rowsOf("a,b,c\n", named, "text/csv")).toBe("none");
  });

  it.each([
    ["", "400 BAD_REQUEST: The CSV is empty: its first line names the columns"],
    ["a,b,c\n1,2", "400 BAD_REQUEST: Row 1 of the CSV has 2 cells; its first line names 3 columns"],
    ['a,b,c\n1,2,"3', "400 BAD_REQUEST: The CSV has a quote in the wrong place, in row 1"],
    ['a,b,c\n1,2,3"', "400 BAD_REQUEST: The CSV has a quote in the wrong place, in row 1"],
    ["a,b\n1,2", '400 INVALID_PARAMETER_VALUE: The column "c" is missing; the model takes ["a","b","c"]'],
    [
      "a,b,c,label\n1,2,3,x",
      '400 INVALID_PARAMETER_VALUE: The column "label" is not known; the model takes ["a","b","c"]',
    ],
  ])("%j is refused with the exact reason", (text, reason) => {
    expect(refusal(() => csv(text))).toBe(reason);
  });

  it("comes out as another program wrote it, whatever the texts are", () => {
    // a letter in front keeps the texts from being numbers, truth values or missing
    const cell = fc
      .string({ unit: fc.constantFrom("a", '"', ",", "\n", "\r", " ", "ß", "1") })
      .map((text) => `x${text}`);
    const rows = fc
      .integer({ min: 1, max: 4 })
      .chain((columns) => fc.array(fc.array(cell, { minLength: columns, maxLength: columns }), { minLength: 1 }));
    const refuse = (reason: string): never => {
      throw new Error(reason);
    };
    fc.assert(
      fc.property(rows, fc.constantFrom("\n", "\r\n", "\r"), fc.boolean(), ([columns = [], ...data], end, quoted) => {
        const text = stringify([columns, ...data], { record_delimiter: end, quoted, quoted_match: /[\r\n]/ });
        expect(readCsv(text, refuse)).toEqual({ columns, rows: data });
      }),
    );
  });
});
