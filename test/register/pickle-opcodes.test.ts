import { spawnSync } from "node:child_process";
import fc from "fast-check";
import { expect, test } from "vitest";
import { bufferSource, type Source } from "../../src/kernel/source.ts";
import { type Argument, decodeInstruction, readText } from "../../src/register/pickle/decode.ts";
import { readPickle } from "../../src/register/pickle/read-pickle.ts";
import type { Value } from "../../src/register/pickle/values.ts";

/** Makes random objects from seeds, pickles them with every protocol, and prints what pickletools sees in them. */
const genops = `
import collections, datetime, decimal, fractions, json, pickle, pickletools, random, struct, sys, types

def text(r):
    pool = "abc \\n\\\\'\\"\\u0000\\u00e9\\u0142\\u20ac\\U0001f600\\ud800\\udfff\\ufffd\\ufeff"
    return "".join(r.choice(pool) for _ in range(r.choice([0, 1, 5, 40, 300, 5000])))

def make(r, depth, seen):
    leaf = [lambda: None, lambda: r.random() < .5, lambda: r.randint(-300, 70000),
            lambda: r.randint(-2**31, 2**31), lambda: r.randint(-2**70, 2**70), lambda: r.getrandbits(4000),
            lambda: r.choice([0.0, -0.0, float("inf"), float("-inf"), float("nan"), r.random(), 1e300, 5e-324]),
            lambda: text(r), lambda: bytes(r.getrandbits(8) for _ in range(r.choice([0, 3, 300]))),
            lambda: bytearray(text(r).encode("utf-8", "surrogatepass")), lambda: complex(1, 2), lambda: len,
            lambda: datetime.datetime(2020, 1, r.randint(1, 28)), lambda: decimal.Decimal("1.5"), lambda: ...,
            lambda: collections.OrderedDict, lambda: r.choice(seen) if seen else 0]
    if depth == 0 or r.random() < .3:
        return r.choice(leaf)()
    kids = [make(r, depth - 1, seen) for _ in range(r.choice([0, 1, 2, 3, 4, 9]))]
    plain = [k for k in kids if isinstance(k, (int, str, bytes, float))]
    node = r.choice([lambda: kids, lambda: tuple(kids), lambda: dict(zip(map(str, range(9)), kids)), lambda: set(plain),
                     lambda: frozenset(plain), lambda: collections.OrderedDict(enumerate(kids)),
                     lambda: types.SimpleNamespace(a=kids), lambda: collections.deque(kids),
                     lambda: fractions.Fraction(3, 7), lambda: collections.Counter(plain)])()
    seen.append(node)
    if isinstance(node, list) and r.random() < .2:
        node.append(node)
    return node

def show(a):
    if isinstance(a, bool) or a is None: return a
    if isinstance(a, int): return "i" + str(a)
    if isinstance(a, float): return "f" + ("nan" if a != a else struct.pack(">d", a).hex())
    if isinstance(a, str): return "s" + a
    return "b" + bytes(a).hex()

for seed in json.loads(sys.argv[1]):
    r = random.Random(seed)
    value = make(r, 4, [])
    for protocol in range(6):
        buffers = None if protocol < 5 else (lambda b: r.random() < .5)
        if protocol == 5: value = [value, pickle.PickleBuffer(b"abc"), pickle.PickleBuffer(bytearray(b"xyz"))]
        data = pickle.dumps(value, protocol, buffer_callback=buffers)
        ops = [[op.name, show(arg), pos] for op, arg, pos in pickletools.genops(data)]
        print(json.dumps([data.hex(), ops]))
`;

function python(script: string, input: unknown): unknown[] {
  const run = spawnSync("python3", ["-c", script, JSON.stringify(input)], { encoding: "utf8", maxBuffer: 2 ** 30 });
  if (run.status !== 0) throw new Error(run.stderr);
  return run.stdout
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line));
}

function show(source: Source, argument: Argument): unknown {
  if (argument === undefined) return null;
  if (typeof argument === "boolean") return argument;
  if (typeof argument === "bigint") return `i${argument}`;
  if (typeof argument === "string") return `s${argument}`;
  if (typeof argument === "number") return Object.is(argument, -0) ? "i-0" : `i${argument}`;
  if (!("kind" in argument)) return `s${argument.join(" ")}`;
  if (argument.kind === "text") return `s${readText(source, argument)}`;
  return `b${source.window.subarray(argument.offset, argument.offset + argument.length).toString("hex")}`;
}

function showFloat(argument: Argument): string {
  if (Number.isNaN(argument)) return "fnan";
  const bytes = Buffer.alloc(8);
  bytes.writeDoubleBE(argument as number);
  return `f${bytes.toString("hex")}`;
}

function instructions(data: Buffer): unknown[] {
  const source = bufferSource(data);
  const seen: unknown[] = [];
  for (let offset = 0; offset < data.length; ) {
    const { name, argument, next } = decodeInstruction(source, offset);
    const isFloat = name === "FLOAT" || name === "BINFLOAT";
    seen.push([name, isFloat ? showFloat(argument) : show(source, argument), offset]);
    offset = next;
  }
  return seen;
}

test("pickles of random objects are read opcode for opcode as pickletools reads them", { timeout: 60_000 }, () => {
  const seeds = fc.array(fc.integer({ min: 0, max: 2 ** 31 }), { minLength: 60, maxLength: 60 });
  const names = new Set<string>();
  fc.assert(
    fc.property(seeds, (some) => {
      for (const line of python(genops, some)) {
        const [hex, ops] = line as [string, [string][]];
        expect(instructions(Buffer.from(hex, "hex"))).toEqual(ops);
        expect(readPickle(Buffer.from(hex, "hex")).error).toBeUndefined();
        for (const [name] of ops) names.add(name);
      }
    }),
    { numRuns: 3 },
  );
  expect(names.size).toBeGreaterThan(45);
});

const dumps = `
import json, pickle, sys
for value in json.loads(sys.argv[1]):
    for protocol in range(6):
        print(json.dumps(pickle.dumps(value, protocol).hex()))
`;

function plain(source: Source, value: Value | undefined): unknown {
  if (typeof value === "bigint") return Number(value);
  if (typeof value !== "object" || value === null) return value;
  if (value.kind === "text") return readText(source, value);
  if (value.kind === "list") return value.items.map((item) => plain(source, item));
  if (value.kind !== "dict") return value;
  return Object.fromEntries(value.keys.map((key, i) => [key as string, plain(source, value.values[i])]));
}

test("plain data comes out of a pickle of every protocol as it went in", { timeout: 60_000 }, () => {
  const values = fc.array(fc.jsonValue(), { minLength: 30, maxLength: 30 });
  fc.assert(
    fc.property(values, (some) => {
      const clean = JSON.parse(JSON.stringify(some)) as unknown[];
      python(dumps, clean).forEach((hex, i) => {
        const data = Buffer.from(hex as string, "hex");
        const root = plain(bufferSource(data), readPickle(data).root);
        expect(JSON.stringify(root)).toBe(JSON.stringify(clean[Math.floor(i / 6)]));
      });
    }),
    { numRuns: 3 },
  );
});

test("text of Python 2 is read with its escapes", () => {
  expect(readPickle(Buffer.from("S'a\\x41\\n\\'\\\\\\101'\n.")).root).toBe("aA\n'\\A");
  expect(readPickle(Buffer.from("U\x03a\xe9b.", "latin1")).root).toBe("aéb");
  expect(readPickle(Buffer.from("T\x02\0\0\0ab.", "latin1")).root).toBe("ab");
});
