import { type Pack, pack } from "tar-stream";
import type { BundledVersion, Manifest } from "../../src/flow/bundle/manifest.ts";
import { readBundle } from "../../src/flow/bundle/read-bundle.ts";
import { canonicalJson, sha256 } from "../../src/kernel/hash.ts";

export const blobs = new Map(["first bytes", "second bytes", ""].map((text) => [sha256(text), Buffer.from(text)]));
const [one = "", two = "", none = ""] = blobs.keys();
const entry = (path: string, digest: string) => ({ path, digest, size: blobs.get(digest)?.length ?? 0 });

/** A version as a bundle tells it. */
export function bundledVersion(more: Partial<BundledVersion> = {}): BundledVersion {
  const name = more.name ?? "digits";
  const version = more.version ?? 1;
  const files = more.files ?? [entry("a/model.bin", one), entry("b.bin", two), entry("empty", none)];
  const listed = files.map(({ path, digest }) => ({ path, digest })).sort((a, b) => (a.path < b.path ? -1 : 1));
  return {
    ...{ name, version, reference: `${name}:${version}`, description: "first", framework: "Custom" },
    ...{ frameworkVersion: "1", digest: sha256(canonicalJson(listed)), size: 23, source: null, external: false },
    ...{ stage: "Production", aliases: ["champion"], tags: { team: "a" }, properties: { seed: "7" } },
    ...{ metrics: { accuracy: 0.5 }, lineage: { runId: "r1" }, archivedAt: null, createdAt: 1_764_000_000_000 },
    ...{ createdBy: "ada", updatedAt: 1_764_000_000_000, files, signature: null, sample: { input: "1" } },
    ...more,
  };
}

export const bundleManifest = (versions: BundledVersion[] = [bundledVersion()]): Manifest => ({
  ...{ format: "modelyard-bundle", formatVersion: 1, exportedAt: 1_764_000_000_000, server: "http://elsewhere:5080" },
  models: [{ name: "digits", description: "Which digit", tags: { owner: "ada" } }],
  versions,
});

export interface TarMember {
  name: string;
  bytes?: Uint8Array | string;
  type?: "file" | "symlink" | "link" | "directory" | "character-device";
  linkname?: string;
}

/** The members of a whole bundle. */
export const bundleMembers = (manifest: unknown = bundleManifest()): TarMember[] => [
  { name: "modelyard.json", bytes: JSON.stringify(manifest) },
  ...[...blobs].map(([digest, bytes]) => ({ name: `blobs/sha256/${digest}`, bytes })),
];

/** The bytes of a tar. */
export async function tarOf(members: readonly TarMember[]): Promise<Buffer> {
  const archive: Pack = pack();
  for (const { bytes = "", ...header } of members) archive.entry(header, Buffer.from(bytes));
  archive.finalize();
  const chunks: Uint8Array[] = [];
  for await (const chunk of archive) chunks.push(chunk as Uint8Array);
  return Buffer.concat(chunks);
}

/** Bytes in pieces of a size, as a stream brings them. */
export async function* inPieces(bytes: Uint8Array, size = 700): AsyncGenerator<Uint8Array> {
  for (let start = 0; start < bytes.length; start += size) yield bytes.subarray(start, start + size);
}

/** Reads a bundle to its end. */
export const readWhole = (bytes: Uint8Array, pieces?: number) =>
  readBundle("test.tar", inPieces(bytes, pieces), async (bundle) => {
    const found = new Map<string, string>();
    for await (const blob of bundle.blobs) {
      const chunks: Uint8Array[] = [];
      for await (const chunk of blob.bytes) chunks.push(chunk);
      found.set(blob.digest, Buffer.concat(chunks).toString());
    }
    return { manifest: bundle.manifest, blobs: found };
  });
