import { createHash } from "node:crypto";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { versionDigest } from "../../src/kernel/version-digest.ts";
import { nameOfFiles, pathOfFiles, placedFiles } from "../../web/src/features/register/upload/chosen-files.ts";
import { digestOfFiles, hashFile } from "../../web/src/features/register/upload/hash-file.ts";
import { rateOf, type Sample, withSample } from "../../web/src/features/register/upload/rate.ts";

const chosen = (...paths: string[]) => paths.map((path) => ({ path, file: new Blob(["x"]) }));

describe("files that were chosen", () => {
  it("of a folder keep its name, as model register does it", () => {
    const files = chosen("digits/b.txt", "digits/a/model.pkl");
    expect(placedFiles(files).map(({ path }) => path)).toEqual(["digits/a/model.pkl", "digits/b.txt"]);
    expect(nameOfFiles(files)).toBe("digits");
    expect(pathOfFiles(files)).toBe("digits");
  });

  it("of a folder that MLflow saved stand at the root", () => {
    const files = placedFiles(chosen("model/MLmodel", "model/data/model.pkl"));
    expect(files.map(({ path }) => path)).toEqual(["MLmodel", "data/model.pkl"]);
  });

  it("give the name of a file without its ending", () => {
    expect(nameOfFiles(chosen("churn.v2.pkl"))).toBe("churn.v2");
    expect(nameOfFiles(chosen(".hidden"))).toBe(".hidden");
    expect(nameOfFiles(chosen("model"))).toBe("model");
  });
});

describe("digests of a browser", () => {
  it("are those of the command line, whatever the size of a file", async () => {
    for (const size of [0, 1, (4 << 20) - 1, 4 << 20, (4 << 20) + 7]) {
      const bytes = Buffer.alloc(size, "modelyard");
      const told: number[] = [];
      const digest = await hashFile(new Blob([bytes]), (done) => told.push(done));
      expect(digest).toBe(createHash("sha256").update(bytes).digest("hex"));
      expect(told.at(-1) ?? 0).toBe(size);
    }
  });

  it("of all files together are those by which the server finds a version", () => {
    const file = fc.record({ path: fc.string({ minLength: 1 }), digest: fc.stringMatching(/^[0-9a-f]{8}$/) });
    fc.assert(
      fc.property(fc.uniqueArray(file, { selector: ({ path }) => path }), (files) => {
        expect(digestOfFiles(files)).toBe(versionDigest(files.map((file) => ({ ...file, size: 1 }))));
      }),
    );
  });
});

describe("the rate of an upload", () => {
  it("looks back a few seconds only, and begins anew when an upload goes back", () => {
    let samples: Sample[] = [];
    for (let second = 0; second <= 20; second += 1)
      samples = withSample(samples, { at: second * 1_000, done: second <= 10 ? second : 10 + (second - 10) * 100 });
    expect(rateOf(samples)).toBe(100);
    expect(rateOf(withSample(samples, { at: 21_000, done: 5 }))).toBeUndefined();
  });
});
