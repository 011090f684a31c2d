import { createReadStream } from "node:fs";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { csvTables } from "../../../src/monitor/baseline/csv-tables.ts";
import { profileBaselineFile, profileFile } from "../../../src/monitor/baseline/profile-file.ts";
import { fsBlobStore } from "../../../src/stores/blobs/fs.ts";

let folder: string;
let blobs: ReturnType<typeof fsBlobStore>;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "modelyard-baseline-"));
  blobs = fsBlobStore(folder);
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const fixture = (name: string) => join(import.meta.dirname, name);
const keep = async (source: AsyncIterable<Uint8Array>) => (await blobs.put(source)).digest;
async function* bytes(text: string | Uint8Array, size = 1 << 16): AsyncIterable<Uint8Array> {
  const all = Buffer.from(text);
  for (let i = 0; i < all.length; i += size) yield all.subarray(i, i + size);
}
const csv = (text: string) => keep(bytes(text)).then((digest) => profileFile(blobs, { digest, format: "csv" }, []));

describe("a baseline from Parquet", () => {
  it.each([
    "train.parquet",
    "train.gzip.parquet",
    "train.zstd.parquet",
    "train.polars.parquet",
  ])("has every column of a data frame, as requests have it: %s", async (name) => {
    const digest = await keep(createReadStream(fixture(name)));
    const { inputs, predictions } = await profileFile(blobs, { digest, format: "parquet", target: "grade" }, []);
    const column = (wanted: string) => inputs.profile.columns.get(wanted);
    expect(inputs.profile.rows).toBe(200);
    expect([...inputs.profile.columns.keys()]).toEqual(["age", "rooms", "city", "member", "since", "income"]);
    expect(inputs.layout.age).toMatchObject({ kind: "number", types: ["number"] });
    expect(inputs.layout.rooms).toMatchObject({ kind: "category", complete: true });
    expect([...(inputs.layout.rooms?.categories ?? [])].sort()).toEqual([1, 2, 3, 4, 5]);
    expect([...(inputs.layout.city?.categories ?? [])].sort()).toEqual(["Bern", "Zürich", "東京"]);
    expect(inputs.layout.member?.types).toEqual(["boolean"]);
    expect(column("since")).toMatchObject({ texts: 200 });
    expect(column("income")?.missing).toBeGreaterThan(5);
    expect(predictions?.layout.prediction?.categories).toHaveLength(2);
  });

  it("is refused when it is none, is cut off, or holds lists", async () => {
    const refused = async (source: AsyncIterable<Uint8Array>) =>
      profileFile(blobs, { digest: await keep(source), format: "parquet" }, []).then(
        () => "taken",
        (error: { code: string; message: string }) => `${error.code} ${error.message}`,
      );
    const whole = await readFile(fixture("train.parquet"));
    expect(await refused(bytes("age,city\n1,Bern\n"))).toMatch(/^invalid-input .*cannot be read/);
    expect(await refused(bytes(whole.subarray(0, 3000)))).toMatch(/^invalid-input .*cannot be read/);
    const packed = await readFile(fixture("train.polars.parquet"));
    expect(await refused(bytes(packed.fill(0xff, 100, 400)))).toMatch(/^invalid-input .*cannot be read/);
    expect(await refused(createReadStream(fixture("lists.parquet")))).toMatch(/^invalid-input .*lists or structures/);
  });
});

describe("a baseline from CSV", () => {
  it.each([
    [
      "age;city\n40,12;Bern\n;Chur\n39,5;Bern\n",
      "the column age has numbers such as 40,12; write them with a decimal point",
    ],
    ["0,1,0\n1,2,3\n", "the first line holds numbers; it names the columns"],
    ["age,city\r1,Bern\r2,Chur\r", "its lines end with CR alone"],
  ])("is refused by what is wrong with it: %j", async (text, reason) => {
    await expect(csv(text)).rejects.toThrow(reason);
  });

  it("keeps texts that look like lists", async () => {
    const { inputs } = await csv("age;kind\n40;1,2\n41;a\n");
    expect(inputs.profile.columns.get("kind")).toMatchObject({ texts: 2 });
  });

  it("is read as pandas reads it: types by column, missing words, quotes, semicolons, a mark at the begin", async () => {
    const lines = ["a;b;c;d;e", '1;x;True;"p;q";1', ";y;false;;two", "-inf;NA;;r;3", '2e3;"z ""w""";TRUE;NaN;4'];
    const { inputs } = await csv(`\ufeff${lines.join("\r\n")}\r\n`);
    const of = (name: string) => inputs.profile.columns.get(name);
    expect(of("a")).toMatchObject({ rows: 4, missing: 1, infinite: 1, moments: { count: 2, max: 2000 } });
    expect(inputs.layout.b?.categories).toEqual(expect.arrayContaining(["x", "y", 'z "w"']));
    expect(of("b")).toMatchObject({ texts: 3, missing: 1 });
    expect(of("c")).toMatchObject({ booleans: 3, missing: 1 });
    expect(inputs.layout.d?.categories).toEqual(expect.arrayContaining(["p;q", "r"]));
    // One text makes a column of texts.
    expect(inputs.layout.e).toMatchObject({ types: ["string"] });
  });

  it("is refused when it has too few rows to say what is usual", async () => {
    const of = async (rows: number) => {
      const digest = await keep(bytes(`age,city\n${"44,Bern\n".repeat(rows)}`));
      return profileBaselineFile(blobs, { digest, format: "csv" }, []);
    };
    await expect(of(49)).rejects.toThrow("the file has 49 rows; it takes 50");
    expect((await of(50)).inputs).toMatchObject({ profile: { rows: 50 } });
  });

  it("is refused when it has none of the columns that requests have", async () => {
    const loans = { of: "the model", names: ["age", "city"], byPlace: false, areAll: false };
    const of = async (names: string, known: typeof loans, target?: string) => {
      const row = names.replaceAll(/[^,|]+/g, "1");
      const digest = await keep(bytes(`${names}\n${`${row}\n`.repeat(50)}`));
      const taken = profileBaselineFile(blobs, { digest, format: "csv", target }, ["age"], known);
      return taken.then(
        () => "taken",
        (error: Error) => error.message,
      );
    };
    expect(await of("age|city", loans)).toContain(
      "there is no column age|city; the model has age, city; CSV is read with commas, semicolons or tabs",
    );
    expect(await of("a,b,grade", loans, "grade")).toMatch(/there is no column a, b; the model has age, city$/m);
    const long = Array.from({ length: 30 }, (_, i) => `${"c".repeat(150)}${i}`).join(",");
    expect((await of(long, loans)).length).toBeLessThan(2500);
    for (const names of ["age", "city,b", "grade"])
      expect(await of(names, loans, names === "grade" ? names : undefined)).toBe("taken");
    expect(await of("a,b", { ...loans, names: [] })).toBe("taken");
    // requests without names take those of the file
    expect(await of("a,b", { ...loans, byPlace: true })).toBe("taken");
    expect(await of("a|b", { ...loans, byPlace: true })).toContain("there is no column a|b");
  });

  it("is without the columns that no request can have, and names them", async () => {
    const digest = await keep(bytes(`age,city,grade,note\n${"44,Bern,good,x\n".repeat(50)}`));
    const of = async (more: object, target?: string) => {
      const known = { of: "the model", names: ["age", "city"], byPlace: false, areAll: true, ...more };
      const { inputs, leftOut } = await profileBaselineFile(blobs, { digest, format: "csv", target }, [], known);
      return { kept: [...inputs.profile.columns.keys()], leftOut };
    };
    expect(await of({})).toEqual({ kept: ["age", "city"], leftOut: ["grade", "note"] });
    expect(await of({}, "grade")).toEqual({ kept: ["age", "city"], leftOut: ["note"] });
    // what was seen is not all that may come
    expect(await of({ areAll: false })).toMatchObject({ kept: ["age", "city", "grade", "note"], leftOut: [] });
    const made = { names: ["x0", "x1", "x2", "x3"], byPlace: true };
    expect(await of(made)).toMatchObject({ leftOut: [] });
    await expect(of({ names: ["size"] })).rejects.toThrow("there is no column age, city, grade, note");
  });

  it("is the same in whatever pieces the bytes come", async () => {
    const cell = fc.stringMatching(/^[a-zé東🙂 ,"\n]{0,6}$/u);
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.tuple(cell, cell), { minLength: 1 }),
        fc.integer({ min: 1, max: 9 }),
        async (rows, size) => {
          const quoted = (text: string) => `"${text.replaceAll('"', '""')}"`;
          const text = `a,b\n${rows.map((row) => row.map(quoted).join(",")).join("\n")}\n`;
          const read: unknown[][] = [];
          for await (const table of csvTables(bytes(text, size), new Set(["a", "b"]))) read.push(...table.rows);
          expect(read).toEqual(rows.map((row) => row.map((value) => (value.trim() === "" ? null : value))));
        },
      ),
      { numRuns: 100 },
    );
  });
});
