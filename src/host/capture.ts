/** The beginning of what streams by, and its whole size. */
export interface Capture {
  readonly size: number;
  add(chunk: Uint8Array): void;
  bytes(): Buffer;
}

/** Keeps at most `limit` bytes. */
export function makeCapture(limit: number): Capture {
  const chunks: Uint8Array[] = [];
  let kept = 0;
  let size = 0;
  return {
    get size() {
      return size;
    },
    add: (chunk) => {
      size += chunk.length;
      if (kept >= limit) return;
      // a copy: a view would keep the whole chunk
      const part = Uint8Array.prototype.slice.call(chunk, 0, limit - kept);
      chunks.push(part);
      kept += part.length;
    },
    bytes: () => Buffer.concat(chunks, kept),
  };
}
