import { sha256 } from "@noble/hashes/sha2.js";
import { bytesToHex, utf8ToBytes } from "@noble/hashes/utils.js";

/** Bytes read at a time. */
const chunkBytes = 4 << 20;

/**
 * SHA-256 of a file in hexadecimal, read piece by piece: `crypto.subtle` would need all of it in memory at once. One piece is read while
 * the one before it is counted.
 */
export async function hashFile(file: Blob, onBytes: (done: number) => void): Promise<string> {
  const hash = sha256.create();
  const read = (at: number) => file.slice(at, at + chunkBytes).arrayBuffer();
  let next = read(0);
  for (let at = 0; at < file.size; at += chunkBytes) {
    const bytes = await next;
    next = read(at + chunkBytes);
    hash.update(new Uint8Array(bytes));
    onBytes(Math.min(file.size, at + chunkBytes));
  }
  await next;
  return bytesToHex(hash.digest());
}

/** The digest by which a server finds a version with exactly these files: as `versionDigest` of its kernel. */
export function digestOfFiles(files: readonly { path: string; digest: string }[]): string {
  const listed = files.map(({ path, digest }) => ({ digest, path })).sort((a, b) => (a.path < b.path ? -1 : 1));
  return bytesToHex(sha256(utf8ToBytes(JSON.stringify(listed))));
}
