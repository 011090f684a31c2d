import { readFileSync, writeFileSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { longestText, openTwoSlots, readTwoSlots } from "../../src/kernel/two-slots.ts";

let folder = "";
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "modelyard-slots-"));
});
afterAll(() => rm(folder, { recursive: true, force: true }));
let files = 0;
const newFile = () => join(folder, `file-${++files}`);

describe("a file of two slots", () => {
  it("says what was written last, to readers and to who opens it again, and never changes its size", async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.string({ unit: "grapheme", maxLength: 100 }), { minLength: 1 }), async (texts) => {
        const path = newFile();
        const sizes = new Set<number>();
        for (const text of texts) {
          const file = openTwoSlots(path);
          await file.write(`${text} before`);
          await file.write(text);
          expect(await readTwoSlots(path)).toBe(text);
          await file.close();
          expect(openTwoSlots(path).before).toBe(text);
          sizes.add(readFileSync(path).length);
        }
        expect([...sizes]).toEqual([8192]);
      }),
      { numRuns: 20 },
    );
  });

  it("says what was written before when a write was broken off anywhere, and goes on from there", async () => {
    const path = newFile();
    const file = openTwoSlots(path);
    await file.write("one");
    await file.write("two");
    const before = readFileSync(path);
    await file.write("three");
    await file.close();
    const after = readFileSync(path);
    const changed = [...after.keys()].filter((at) => after[at] !== before[at]);
    for (const cut of changed) {
      const torn = newFile();
      writeFileSync(torn, Buffer.concat([after.subarray(0, cut), before.subarray(cut)]));
      expect(await readTwoSlots(torn)).toBe("two");
      const again = openTwoSlots(torn);
      expect(again.before).toBe("two");
      await again.write("three");
      expect(await readTwoSlots(torn)).toBe("three");
      await again.close();
    }
    expect(changed.length).toBeGreaterThan(5);
  });

  it("says nothing when it is not there, or is something else", async () => {
    expect(await readTwoSlots(newFile())).toBeUndefined();
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 9000 }), async (bytes) => {
        const path = newFile();
        writeFileSync(path, bytes);
        expect(await readTwoSlots(path)).toBeUndefined();
        const file = openTwoSlots(path);
        await file.write("new");
        expect(await readTwoSlots(path)).toBe("new");
        await file.close();
      }),
      { numRuns: 20 },
    );
  });

  it("refuses what is longer than a slot", async () => {
    const file = openTwoSlots(newFile());
    await file.write("x".repeat(longestText));
    await expect(file.write("é".repeat(longestText))).rejects.toThrow(RangeError);
    await file.close();
  });
});
