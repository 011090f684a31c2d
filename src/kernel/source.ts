import { closeSync, fstatSync, openSync, readSync } from "node:fs";

/**
 * Bytes that can be read at any offset. `at` makes a range resident in `window` and answers its index there, or -1 when
 * the source ends before the range does. Only the range asked for last is sure to be in `window`.
 */
export interface Source {
  readonly size: number;
  readonly window: Buffer;
  at(offset: number, length: number): number;
}

/** A source over bytes already in memory; nothing is copied. */
export function bufferSource(data: Buffer): Source {
  const at = (offset: number, length: number) => (offset + length <= data.length ? offset : -1);
  return { size: data.length, window: data, at };
}

const WINDOW_BYTES = 256 * 1024;

/**
 * A source over a file of any size, read through a window of 256 KiB, so that arrays nobody looks at are never read.
 * Reads are synchronous (the pickle machine asks for single bytes); the caller must `close` it.
 */
export function fileSource(path: string): Source & { close(): void } {
  const file = openSync(path, "r");
  const size = fstatSync(file).size;
  let window: Buffer = Buffer.alloc(0);
  let base = 0;
  function load(offset: number, length: number): boolean {
    const wanted = Math.min(Math.max(length, WINDOW_BYTES), size - offset);
    const next = Buffer.allocUnsafe(wanted);
    let filled = 0;
    while (filled < wanted) {
      const read = readSync(file, next, filled, wanted - filled, offset + filled);
      if (read === 0) break;
      filled += read;
    }
    window = next.subarray(0, filled);
    base = offset;
    return filled >= length;
  }
  return {
    size,
    get window() {
      return window;
    },
    at(offset, length) {
      if (offset + length > size) return -1;
      if (offset >= base && offset + length <= base + window.length) return offset - base;
      return load(offset, length) ? 0 : -1;
    },
    close: () => closeSync(file),
  };
}

/** A copy-free view of a range; undefined when the source ends before it. Use it before the next read. */
export function view(source: Source, offset: number, length: number): Buffer | undefined {
  const index = source.at(offset, length);
  return index < 0 ? undefined : source.window.subarray(index, index + length);
}

const LINE_CHUNK = 4096;

/** The offset of the next newline at or after `offset`, or -1 when there is none. */
export function findNewline(source: Source, offset: number): number {
  for (let start = offset; start < source.size; start += LINE_CHUNK) {
    const chunk = view(source, start, Math.min(LINE_CHUNK, source.size - start));
    if (!chunk) return -1;
    const found = chunk.indexOf(0x0a);
    if (found >= 0) return start + found;
  }
  return -1;
}
