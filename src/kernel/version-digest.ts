import type { FileEntry } from "../contract/operation.ts";
import { canonicalJson, sha256 } from "./hash.ts";

/** The digest of a model version: SHA-256 over the canonical JSON of the paths and digests of its files, sorted by path. */
export function versionDigest(files: readonly FileEntry[]): string {
  const listed = files.map(({ path, digest }) => ({ path, digest })).sort((a, b) => (a.path < b.path ? -1 : 1));
  return sha256(canonicalJson(listed));
}
