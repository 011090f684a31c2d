import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { decodeProfile, decodeSample, encodeProfile } from "../../../src/monitor/profile/codec.ts";
import { distinctCount, noDistinct } from "../../../src/monitor/profile/distinct-values.ts";
import type { Layout } from "../../../src/monitor/profile/layout.ts";
import { makeLayout } from "../../../src/monitor/profile/make-layout.ts";
import { noHashLimit, settle } from "../../../src/monitor/profile/row-sample.ts";
import {
  mergeTables,
  noTable,
  profileSample,
  rowHashes,
  type TableProfile,
  takeTable,
} from "../../../src/monitor/profile/table-profile.ts";
import type { Value } from "../../../src/records/table.ts";

const columns = ["age", "city", "member"];
const value: fc.Arbitrary<Value> = fc.oneof(
  { weight: 6, arbitrary: fc.double() },
  fc.integer({ min: -3, max: 3 }),
  fc.constant(null),
  fc.boolean(),
  fc.string({ unit: "grapheme", maxLength: 4 }),
  fc.constantFrom("a", "b", "Zürich"),
);
const rows = fc.array(fc.tuple(value, value, value), { maxLength: 300 });
const layout: Layout = {
  age: { kind: "number", edges: [-1, 0, 1e-9, 5], categories: [], complete: false, types: ["number"], range: [-2, 2] },
  city: { kind: "category", edges: [], categories: ["a", 1], complete: true, types: ["string", "number"], range: null },
};
const size = { rows: 100, cells: 0 };

function profileOf(part: Value[][], hashes: number[], limit?: number): TableProfile {
  const profile = noTable(limit);
  takeTable(profile, layout, { columns, rows: part }, hashes, size);
  return profile;
}

/** All that must be equal bit for bit: everything but mean and second moment. */
function exactly(profile: TableProfile) {
  settle(profile.sample);
  return {
    rows: profile.rows,
    sample: profile.sample,
    columns: [...profile.columns].map(([name, { moments, distinct, ...counts }]) => ({
      ...{ name, counts, count: moments.count, min: moments.min, max: moments.max, limit: distinct.limit },
      distinct: [...distinct.values].sort(([a], [b]) => a - b),
    })),
  };
}

describe("profiles", () => {
  it("merged from any parts in any order are those of one pass: every count, the distinct values and the sample", () => {
    fc.assert(
      fc.property(rows, fc.array(fc.nat(300), { maxLength: 5 }), fc.boolean(), (all, cuts, backwards) => {
        const hashes = rowHashes("record", all.length);
        const places = [0, ...cuts.map((cut) => Math.min(cut, all.length)).sort((a, b) => a - b), all.length];
        const parts = places.slice(1).map((end, i) => {
          const from = places[i] ?? 0;
          return profileOf(all.slice(from, end), hashes.slice(from, end));
        });
        const merged = noTable();
        for (const part of backwards ? parts.reverse() : parts) mergeTables(merged, part);
        const whole = profileOf(all, hashes);
        expect(exactly(merged)).toEqual(exactly(whole));
        for (const [name, { moments }] of whole.columns) {
          const { mean, m2 } = merged.columns.get(name)?.moments ?? moments;
          // below, numbers have too few digits left to be rounded within a share of themselves
          const scale = Math.max(Math.abs(moments.max), Math.abs(moments.min), 1e-150);
          if (moments.count === 0 || scale > 1e150) continue;
          expect(Math.abs(mean - moments.mean)).toBeLessThanOrEqual(1e-12 * scale);
          expect(Math.abs(m2 - moments.m2)).toBeLessThanOrEqual(1e-12 * scale * scale * moments.count);
        }
      }),
      { numRuns: 200 },
    );
  });

  it("of parts that know which hashes are too large sample the same rows, and gather few others", () => {
    const merged = noTable();
    const known = noHashLimit();
    let gathered = 0;
    const all: Value[][] = Array.from({ length: 3000 }, (_, i) => [i, "a", true]);
    const hashes = rowHashes("record", all.length);
    for (let from = 0; from < all.length; from += 300) {
      const part = profileOf(all.slice(from, from + 300), hashes.slice(from, from + 300), known.limit);
      known.add(part.sample);
      // as when its transaction failed
      if (from === 600) known.add(part.sample);
      gathered += part.sample.rows.length;
      mergeTables(merged, part);
    }
    expect(exactly(merged)).toEqual(exactly(profileOf(all, hashes)));
    expect(gathered).toBeLessThan(700);
  });

  it("come back from their bytes as they were", () => {
    fc.assert(
      fc.property(rows, (all) => {
        const profile = profileOf(all, rowHashes("r", all.length));
        const bytes = encodeProfile(profile);
        expect({ ...decodeProfile(bytes.profile), sample: decodeSample(bytes.sample) }).toEqual(profile);
      }),
      { numRuns: 50 },
    );
  });

  it("count every value once", () => {
    const all: Value[][] = [1, null, Number.NaN, Number.POSITIVE_INFINITY, "7", true, -3, 3, 0.5].map((x) => [x, x, x]);
    const age = profileOf(all, rowHashes("r", all.length)).columns.get("age");
    expect(age).toMatchObject({ rows: 9, missing: 2, infinite: 1, texts: 1, booleans: 1, below: 1, above: 1 });
    expect(age?.moments).toMatchObject({ count: 4, min: -3, max: 3, mean: 0.375 });
    expect([...(age?.bins ?? [])]).toEqual([1, 0, 0, 3, 0]);
  });

  it("hold no more of a wide table, of a long one or of made-up names than of others", () => {
    const profile = noTable();
    for (let i = 0; i < 40; i += 1) {
      const names = Array.from({ length: 100 }, (_, place) => `made-up-${i}-${place}`);
      takeTable(profile, {}, { columns: names, rows: [names.map(() => "x")] }, rowHashes(`r${i}`, 1));
    }
    expect(profile.columns.size).toBe(1000);
    expect(profile.sample.columns.length).toBe(1000);
    const long = noTable();
    for (let i = 0; i < 50; i += 1) {
      const part = Array.from({ length: 1000 }, (_, row) => [i * 1000 + row, `id-${i}-${row}`]);
      takeTable(long, {}, { columns: ["n", "id"], rows: part }, rowHashes(`r${i}`, 1000));
    }
    const found = distinctCount(long.columns.get("id")?.distinct ?? noDistinct(1));
    expect(found / 50_000).toBeGreaterThan(0.6);
    expect(found / 50_000).toBeLessThan(1.6);
    const { profile: counts, sample } = encodeProfile(long);
    expect(counts.length + sample.length).toBeLessThan(60_000);
    expect(long.sample.rows).toHaveLength(1000);
  });

  it("sample rows evenly, whatever the order", () => {
    const profile = noTable();
    for (let i = 0; i < 100; i += 1) {
      const part = Array.from({ length: 200 }, (_, row) => [i * 200 + row]);
      takeTable(profile, {}, { columns: ["n"], rows: part }, rowHashes(`record-${i}`, 200));
    }
    const numbers = settle(profile.sample).rows.map(({ values }) => Number(values[0]));
    const quarters = [0, 1, 2, 3].map((q) => numbers.filter((n) => Math.floor(n / 5000) === q).length);
    for (const quarter of quarters) expect(Math.abs(quarter - 250)).toBeLessThan(70);
  });

  it("fix a layout: numbers by quantiles, few codes and texts by their values", () => {
    const profile = noTable();
    const all = Array.from({ length: 2000 }, (_, i) => [i / 2000, i % 3, i % 2 === 0 ? "red" : "東京", `id${i}`]);
    takeTable(profile, {}, { columns: ["x", "code", "colour", "id"], rows: all }, rowHashes("r", 2000), {
      rows: 10_000,
      cells: 1e6,
    });
    const made = makeLayout(profile);
    expect(made.x).toMatchObject({ kind: "number", types: ["number"], range: [0, 0.9995] });
    expect(made.x?.edges).toHaveLength(39);
    expect(made.code).toMatchObject({ kind: "category", categories: [0, 1, 2], complete: true });
    expect(made.colour).toMatchObject({ kind: "category", categories: ["red", "東京"], types: ["string"] });
    expect(made.id).toMatchObject({ kind: "category", complete: false });
    expect(made.id?.categories).toHaveLength(256);
    const again = profileSample(profile.sample, made, (values) => values[1] === 1);
    expect(again.rows).toBe(667);
    expect(again.columns.get("x")?.bins.reduce((sum, n) => sum + n, 0)).toBe(667);
  });
});
