import type { BlobStore } from "./ports.ts";

/** Reads the bytes of a blob and compares them with its digest. */
export async function verifyBlob(
  blobs: BlobStore,
  digest: string,
): Promise<{ size: number; problem: "missing" | "damaged" | null }> {
  const found = await blobs.find(digest);
  if (found === undefined) return { size: 0, problem: "missing" };
  try {
    for await (const _ of blobs.read(digest)) {
      // reading compares the digest at the end
    }
    return { size: found.size, problem: null };
  } catch (error) {
    const { code } = error as { code?: string };
    // EIO: the disk itself cannot read it
    if (code === "digest-mismatch" || code === "EIO") return { size: found.size, problem: "damaged" };
    if (code === "blob-not-found") return { size: 0, problem: "missing" };
    throw error;
  }
}
