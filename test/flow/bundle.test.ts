import fc from "fast-check";
import { expect, test } from "vitest";
import { ModelyardError } from "../../src/contract/errors.ts";
import { writeBundle } from "../../src/flow/bundle/write-bundle.ts";
import { sha256 } from "../../src/kernel/hash.ts";
import {
  blobs,
  bundledVersion,
  bundleManifest,
  bundleMembers,
  inPieces,
  readWhole,
  type TarMember,
  tarOf,
} from "./bundle-fixture.ts";

const texts = new Map([...blobs].map(([digest, bytes]) => [digest, bytes.toString()]));
const readBlob = (digest: string) => inPieces(blobs.get(digest) ?? Buffer.alloc(0));
async function bytesOf(stream: AsyncIterable<Uint8Array>): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of stream) chunks.push(chunk);
  return Buffer.concat(chunks);
}
const refusalOf = (work: Promise<unknown>) =>
  work.then(
    () => "it was read",
    (error: Error) => (error instanceof ModelyardError ? `${error.code}: ${error.message}` : error),
  );

test("a bundle is read as it was written, whatever the pieces it comes in", async () => {
  const manifest = bundleManifest([bundledVersion(), bundledVersion({ version: 2, aliases: [] })]);
  const bytes = await bytesOf(writeBundle(manifest, readBlob));
  for (const pieces of [1, 511, 512, 513, 1 << 20])
    expect(await readWhole(bytes, pieces)).toEqual({ manifest, blobs: texts });
});

test("the manifest comes first and each blob once, under its digest, in a plain tar", async () => {
  const bytes = await bytesOf(writeBundle(bundleManifest(), readBlob));
  expect(bytes.toString("latin1", 0, 15)).toBe("modelyard.json\0");
  for (const digest of blobs.keys()) expect(bytes.toString("latin1").split(`blobs/sha256/${digest}`)).toHaveLength(2);
});

test("bytes that changed since they were registered are not written", async () => {
  const other = () => inPieces(Buffer.from("other bytes"));
  expect(await refusalOf(bytesOf(writeBundle(bundleManifest(), other)))).toMatch(/^digest-mismatch/);
});

test("a source that fails at once ends a bundle, and so does a reader that goes away", async () => {
  const failing = writeBundle(bundleManifest(), () => {
    throw new ModelyardError("server-unreachable", { url: "x" });
  });
  await new Promise((resolve) => setTimeout(resolve, 20));
  expect(await refusalOf(bytesOf(failing))).toMatch(/^server-unreachable/);
  let ended = false;
  async function* endless() {
    try {
      for (;;) yield Buffer.alloc(1000);
    } finally {
      ended = true;
    }
  }
  const size = 2 ** 40;
  const files = [{ path: "a", digest: first, size }];
  let pieces = 0;
  for await (const _ of writeBundle(bundleManifest([bundledVersion({ files })]), endless)) if (++pieces > 9) break;
  expect(ended).toBe(true);
});

const [first = "", second = ""] = blobs.keys();
const members = bundleMembers();
const [head, ...rest] = members as [TarMember, ...TarMember[]];
const told = (change: object) => bundleMembers(bundleManifest([{ ...bundledVersion(), ...change } as never]));
const named = (path: string) =>
  bundleMembers(bundleManifest([bundledVersion({ files: [{ path, digest: first, size: 11 }] })]));

const malformed: [string, TarMember[], RegExp][] = [
  ["an empty archive", [], /^bundle-invalid: .*does not begin with modelyard.json/],
  ["an archive that is no bundle", rest, /^bundle-invalid: .*does not begin with/],
  [
    "a manifest that is a link",
    [{ name: "modelyard.json", type: "symlink", linkname: "/etc/passwd" }, ...rest],
    /^bundle-invalid/,
  ],
  ["a manifest that is no JSON", [{ ...head, bytes: "{" }, ...rest], /^bundle-invalid: .*is not JSON/],
  ["a manifest of something else", bundleMembers({ format: "other" }), /^bundle-invalid: .*not that of a bundle/],
  [
    "a manifest of a newer format",
    bundleMembers({ ...bundleManifest(), formatVersion: 2 }),
    /^bundle-invalid: .*has format 2; this Modelyard reads up to 1/,
  ],
  [
    "a path out of the folder",
    [...members, { name: "../../etc/cron.d/x", bytes: "x" }],
    /^bundle-invalid: .*etc.*does not belong/,
  ],
  ["an absolute path", [...members, { name: "/etc/x", bytes: "x" }], /^bundle-invalid: .*does not belong/],
  [
    "a link",
    [...members, { name: `blobs/sha256/${"0".repeat(64)}`, type: "symlink", linkname: "/" }],
    /^bundle-invalid/,
  ],
  [
    "a hard link in place of a blob",
    [head, { name: rest[0]?.name ?? "", type: "link", linkname: "x" }, ...rest.slice(1)],
    /^bundle-invalid/,
  ],
  ["a device", [...members, { name: "blobs/sha256/x", type: "character-device" }], /^bundle-invalid/],
  ["a folder", [head, { name: "blobs/", type: "directory" }, ...rest], /^bundle-invalid/],
  [
    "a blob that nobody names",
    [...members, { name: `blobs/sha256/${sha256("x")}`, bytes: "x" }],
    /^bundle-invalid: .*does not belong/,
  ],
  ["a blob twice", [...members, rest[0] as TarMember], /^bundle-invalid: .*is in it twice/],
  ["a blob too few", members.slice(0, -1), /^bundle-invalid: .*it ends before 1 of its files/],
  [
    "other bytes of the same size",
    [head, { ...rest[0], name: rest[0]?.name ?? "", bytes: "first bytez" }, ...rest.slice(1)],
    /^digest-mismatch/,
  ],
  [
    "a blob of another size",
    [head, { ...rest[0], name: rest[0]?.name ?? "", bytes: "longer bytes" }, ...rest.slice(1)],
    /^bundle-invalid: .*has 12 bytes and should have 11/,
  ],
  [
    "two sizes of one blob",
    told({
      files: [
        { path: "a", digest: first, size: 11 },
        { path: "b", digest: first, size: 12 },
      ],
      digest: bundledVersion({
        files: [
          { path: "a", digest: first, size: 11 },
          { path: "b", digest: first, size: 12 },
        ],
      }).digest,
    }),
    /^bundle-invalid: .*another size of b/,
  ],
  ["a file of the model that leaves it", named("../x"), /^unsafe-path/],
  ["an absolute file of the model", named("/x"), /^unsafe-path/],
  ["a version digest that is not that of its files", told({ digest: second }), /^bundle-invalid: .*digest of digits:1/],
  [
    "a version twice",
    bundleMembers(bundleManifest([bundledVersion(), bundledVersion()])),
    /^bundle-invalid: .*digits:1 is in it twice/,
  ],
  [
    "a version with neither files nor source",
    told({ ...bundledVersion({ files: [] }) }),
    /^bundle-invalid: .*neither files nor a source/,
  ],
  ["no version", bundleMembers(bundleManifest([])), /^bundle-invalid/],
  ["a name that is none", told({ name: "a/b", reference: "a/b:1" }), /^bundle-invalid: .*versions.0.name/],
  ["a reference to another version", told({ reference: "digits:7" }), /^bundle-invalid: .*digits:7 is not digits:1/],
  ["an alias that is reserved", told({ aliases: ["latest"] }), /^bundle-invalid: .*aliases/],
  ["a tag that is too long", told({ tags: { k: "x".repeat(5001) } }), /^bundle-invalid: .*tags/],
];

test.each(malformed)("%s is refused", async (_, tar, refusal) => {
  expect(await refusalOf(readWhole(await tarOf(tar)))).toMatch(refusal);
});

test("a manifest of absurd size is refused by what its header says, before it is read", async () => {
  const bytes = await tarOf(members);
  bytes.write("77777777777 ", 124, "latin1"); // 8 GiB
  bytes.write("        ", 148, "latin1");
  const sum = bytes.subarray(0, 512).reduce((total, byte) => total + byte, 0);
  bytes.write(`${sum.toString(8).padStart(6, "0")}\0 `, 148, "latin1");
  expect(await refusalOf(readWhole(bytes))).toMatch(/^bundle-invalid: .*has 8589934591 bytes/);
});

test("a bundle that ends inside a file is said to be cut off, wherever that is", async () => {
  const whole = await tarOf(members);
  for (const end of [700, 1100, whole.indexOf("blobs/sha256/") + 516])
    expect(await refusalOf(readWhole(whole.subarray(0, end)))).toMatch(/^bundle-invalid: .*it is cut off/);
});

test("what breaks the source off is told as it was", async () => {
  async function* broken() {
    yield* inPieces((await tarOf(members)).subarray(0, 3000));
    throw Object.assign(new Error("EIO"), { code: "EIO", path: "x" });
  }
  const { readBundle } = await import("../../src/flow/bundle/read-bundle.ts");
  const reading = readBundle("x", broken(), async ({ blobs: all }) => {
    for await (const { bytes } of all) for await (const _ of bytes);
  });
  await expect(reading).rejects.toMatchObject({ code: "EIO" });
});

const expected = ["bundle-invalid", "digest-mismatch", "unsafe-path"];

test("whatever bytes of a bundle are changed, cut out or repeated, it is refused with a code or says the same", async () => {
  const whole = await tarOf(members);
  const change = fc.record({
    at: fc.nat(whole.length - 1),
    length: fc.constantFrom(0, 1, 2, 8, 512, 2000),
    bytes: fc.uint8Array({ maxLength: 24 }),
  });
  await fc.assert(
    fc.asyncProperty(fc.array(change, { minLength: 1, maxLength: 4 }), async (changes) => {
      let bytes: Buffer = whole;
      for (const { at, length, bytes: put } of changes)
        bytes = Buffer.concat([bytes.subarray(0, at), put, bytes.subarray(at + length)]);
      const outcome = await readWhole(bytes).catch((error: ModelyardError) => error);
      if (outcome instanceof Error) expect(expected, String(outcome.stack)).toContain((outcome as ModelyardError).code);
      else expect(outcome.blobs).toEqual(texts);
    }),
    { numRuns: 400 },
  );
});

test("bytes that are no bundle at all are refused with a code", async () => {
  await fc.assert(
    fc.asyncProperty(fc.uint8Array({ maxLength: 3000 }), async (bytes) => {
      const outcome = await readWhole(bytes).catch((error: ModelyardError) => error.code);
      expect(expected).toContain(outcome);
    }),
    { numRuns: 100 },
  );
});
