import { existsSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterAll, expect, test } from "vitest";
import { sortOnDisk } from "../../src/kernel/sort-on-disk.ts";

const folder = mkdtempSync(join(tmpdir(), "modelyard-sort-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

test("lines come back by key and text, as often as they are asked for, whether they fit into memory or not", async () => {
  const line = fc.string({ unit: fc.constantFrom("a", "b", "\t", "\u2028", "é", "😀", '"') });
  const entries = fc.array(fc.record({ key: fc.integer({ min: -3, max: 3 }), line }), { maxLength: 60 });
  await fc.assert(
    fc.asyncProperty(entries, fc.constantFrom(5, 40, 10_000), async (list, runChars) => {
      const sorter = sortOnDisk(folder, runChars);
      for (const entry of list) await sorter.add(entry);
      const wanted = [...list]
        .sort((a, b) => a.key - b.key || (a.line < b.line ? -1 : a.line > b.line ? 1 : 0))
        .map((entry) => entry.line);
      for (let time = 0; time < 2; time += 1) {
        const read: string[] = [];
        for await (const one of sorter.read()) read.push(one);
        expect(read).toEqual(wanted);
      }
      await sorter.remove();
    }),
    { numRuns: 60 },
  );
  expect(existsSync(folder) ? readdirSync(folder) : []).toEqual([]);
});
