import { readdirSync, readFileSync } from "node:fs";
import { gunzipSync, inflateSync } from "node:zlib";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { bufferSource } from "../../src/kernel/source.ts";
import { arrayItems, arrayShape } from "../../src/register/pickle/arrays.ts";
import { readPickle } from "../../src/register/pickle/read-pickle.ts";
import { itemsOf } from "../../src/register/pickle/values.ts";

const folder = new URL("./fixtures/", import.meta.url);
const names = readdirSync(folder).filter((name) => /\.(pkl|joblib)$/.test(name) && !/xz|bz2/.test(name));

function unpacked(name: string): Buffer {
  const data = readFileSync(new URL(name, folder));
  return name.includes("gzip") ? gunzipSync(data) : name.includes("zlib") ? inflateSync(data) : data;
}

const text = (latin1: string) => readPickle(Buffer.from(latin1, "latin1"));

describe("truncation and damage", () => {
  const everyKind = ["logistic-p0.pkl", "columns-p2.pkl", "columns-p5.pkl", "arrays.joblib", "columns.joblib"];

  test.each(names)("%s is read to its end, and not when its last byte is missing", (name) => {
    const whole = unpacked(name);
    expect(readPickle(whole).error).toBeUndefined();
    expect(readPickle(whole.subarray(0, -1)).error).toBeDefined();
  });

  test.each(everyKind)("every truncation of %s is reported", (kind) => {
    const name = `skl17-${kind}`;
    const whole = unpacked(name);
    expect(readPickle(whole).error).toBeUndefined();
    for (let length = 0; length < whole.length; length++) {
      const { error } = readPickle(whole.subarray(0, length));
      if (error === undefined || error.offset > length || error.reason === "") expect([length, error]).toBe("an error");
    }
  });

  test("random bytes never throw and never hang", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 400 }), (bytes) => {
        readPickle(Buffer.from(bytes));
        readPickle(Buffer.concat([Buffer.from([0x80, 4]), bytes, Buffer.from(".")]));
      }),
      { numRuns: 3000 },
    );
  });

  test("pickles with some bytes changed never throw and never hang", () => {
    const change = fc.record({
      name: fc.constantFrom(...names),
      edits: fc.array(fc.tuple(fc.nat(), fc.integer({ min: 0, max: 255 })), { minLength: 1, maxLength: 6 }),
    });
    fc.assert(
      fc.property(change, ({ name, edits }) => {
        const data = Buffer.from(unpacked(name));
        for (const [at, byte] of edits) data[at % data.length] = byte;
        const { root } = readPickle(data);
        arrayItems(bufferSource(data), root);
      }),
      { numRuns: 1500 },
    );
  });
});

describe("reasons", () => {
  test.each([
    ["", 0, "empty"],
    ['{"a": 1}', 0, "byte 0x7b at offset 0 is no pickle opcode"],
    ["\x80\x04\x95\x10", 2, "it ends in the middle of a value (offset 2)"],
    ["\x80\x04]", 3, "it ends before its end mark (offset 3)"],
    ["\x80\x06N.", 0, "it has the unknown pickle protocol 6 (offset 0)"],
    ["N0.", 2, "it takes a value from an empty stack (offset 2)"],
    ["t.", 0, "it closes a mark that is not open (offset 0)"],
    ["h\x05.", 0, "it recalls memo 5, which it never set (offset 0)"],
    ["(Nd.", 2, "it sets a key without a value (offset 2)"],
    ["I12x\n.", 0, "there is no number after offset 0"],
    ["X\x02\0\0\0\xff\xff.", 5, "text at offset 5 is not UTF-8"],
    ["NN\x93.", 2, "it names a class by no text (offset 2)"],
  ])("%j is refused with its offset", (data, offset, reason) => {
    expect(text(data).error).toEqual({ offset, reason });
  });

  test("bytes after the end of a pickle do not matter, as they do not to Python", () => {
    expect(text("I7\n.rubbish")).toMatchObject({ root: 7, globals: [] });
  });
});

describe("symbolic values", () => {
  test("a call in a pickle is described and not made", () => {
    const { globals, root } = text("cposix\nsystem\n(S'touch /tmp/owned'\ntR.");
    expect(globals).toEqual(["posix.system"]);
    expect(root).toMatchObject({ kind: "object", callee: { module: "posix" }, args: { items: ["touch /tmp/owned"] } });
  });

  test("instances of old classes keep class, arguments and state", () => {
    const inst = text("(I1\nim\nC\n(S'a'\nI2\ndb.").root;
    const obj = text("(cm\nC\nI1\no(S'a'\nI2\ndb.").root;
    expect(obj).toEqual(inst);
    expect(inst).toMatchObject({ callee: { name: "C" }, args: { items: [1] }, state: { keys: ["a"], values: [2] } });
  });

  test("persistent ids, extensions and out-of-band buffers stand for themselves", () => {
    expect(text("Pabc\n.").root).toEqual({ kind: "persistent", id: "abc" });
    expect(text("\x82\x07.").root).toEqual({ kind: "extension", id: 7 });
    expect(text("\x97\x98.").root).toEqual({ kind: "buffer", id: null });
  });

  test("long bytes are not copied", () => {
    const data = Buffer.concat([Buffer.from("B\0\0\x10\0", "latin1"), Buffer.alloc(2 ** 20), Buffer.from(".")]);
    expect(readPickle(data).root).toEqual({ kind: "bytes", offset: 5, length: 2 ** 20 });
  });
});

describe("bombs", () => {
  test("a million nested lists are read without recursion", () => {
    const { root, error } = text(`${"]".repeat(1_000_000)}${"a".repeat(999_999)}.`);
    expect(error).toBeUndefined();
    expect(itemsOf(root)).toHaveLength(1);
  });

  const tight = { steps: 4_000_000, memory: 16 * 2 ** 20, itemsOfOne: 1000, stack: 100_000 };

  test.each([
    ["marks", "(".repeat(1_000_000)],
    ["lists", "]0".repeat(1_000_000)],
    ["waiting values", "N".repeat(200_000)],
    ["memo entries", `N${"\x94".repeat(2_000_000)}`],
    ["memo entries with gaps", Array.from({ length: 300_000 }, (_, i) => `Np${2 * i + 1}\n0`).join("")],
    ["opcodes", "N0".repeat(3_000_000)],
    ["items", `](${"N".repeat(9_000)}e0`.repeat(3_000)],
  ])("too many %s are refused with a reason", (_, data) => {
    const { error } = readPickle(Buffer.from(data, "latin1"), tight);
    expect(error?.reason).toMatch(/more than \d+ (bytes of memory|values on its stack|opcodes)/);
  });

  test("doubling through the memo takes no memory", () => {
    expect(text(`]\x94${"(h\0h\0l\x94(h\x01h\x01l\x94".repeat(1000)}.`).error).toBeUndefined();
  });

  test("a list beyond the limit of what is kept is counted", () => {
    expect(text(`](${"K\x01".repeat(150_000)}e.`).root).toMatchObject({ dropped: 50_000 });
  });
});

test.each(["skl17", "skl10"])("arrays of every kind in a joblib file of %s are skipped and decoded", (tag) => {
  const data = unpacked(`${tag}-arrays.joblib`);
  const source = bufferSource(data);
  const arrays = itemsOf(readPickle(data).root) ?? [];
  expect(arrays.map(arrayShape)).toEqual([[2, 3], [3], [0], [], [4], [2], [2]]);
  expect(arrays.map((array) => arrayItems(source, array))).toEqual([
    undefined,
    ["a", 1, true],
    [],
    undefined,
    [0, 1, 2, 3],
    ["ab", "c"],
    undefined,
  ]);
});
