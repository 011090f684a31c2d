import { pipeline } from "node:stream/promises";
import { createUnzip } from "node:zlib";
import type { Source } from "../../kernel/source.ts";
import { bufferSource, view } from "../../kernel/source.ts";

/** How a file is packed, by its first bytes. */
type Container = "none" | "gzip" | "zlib" | "bzip2" | "xz" | "lzma" | "lz4" | "zstd" | "old-joblib";

/** Source of the marks: RFC 1952, RFC 1950, and `joblib/numpy_pickle_utils.py`. */
const marks: readonly (readonly [Container, readonly number[]])[] = [
  ["gzip", [0x1f, 0x8b]],
  ["zlib", [0x78, 0x01]],
  ["zlib", [0x78, 0x5e]],
  ["zlib", [0x78, 0x9c]],
  ["zlib", [0x78, 0xda]],
  ["bzip2", [0x42, 0x5a, 0x68]],
  ["xz", [0xfd, 0x37, 0x7a, 0x58, 0x5a]],
  ["lzma", [0x5d, 0x00]],
  ["lz4", [0x04, 0x22, 0x4d, 0x18]],
  ["zstd", [0x28, 0xb5, 0x2f, 0xfd]],
  ["old-joblib", [0x5a, 0x46, 0x30, 0x78]],
];

export function detectContainer(source: Source): Container {
  const starts = (mark: readonly number[]) => view(source, 0, mark.length)?.equals(Buffer.from(mark)) ?? false;
  return marks.find(([, mark]) => starts(mark))?.[0] ?? "none";
}

/** Why a file packed so cannot be read, or undefined when it can. */
export function unreadable(container: Container): string | undefined {
  if (container === "none" || container === "gzip" || container === "zlib") return undefined;
  if (container === "old-joblib")
    return "it is compressed as joblib before 0.10 did; dump it again with a newer joblib";
  return `it is compressed in a way that cannot be read here (${container}); dump it again uncompressed or with gzip`;
}

/** The most that is unpacked; of a larger file only the beginning is read. */
const MAX_UNPACKED_BYTES = 512 * 1024 * 1024;

/** What came out of a gzip or zlib file; `problem` says why it is not all. */
interface Unpacked {
  readonly source: Source;
  readonly problem?: string;
}

/** Unpacks what is packed as gzip or zlib into memory, `limit` bytes at most. */
export async function unpack(packed: Source, limit = MAX_UNPACKED_BYTES): Promise<Unpacked> {
  const chunks: Buffer[] = [];
  let size = 0;
  let problem: string | undefined;
  try {
    await pipeline(piecesOf(packed), createUnzip(), async (stream: AsyncIterable<Buffer>) => {
      for await (const chunk of stream) {
        chunks.push(chunk.subarray(0, limit - size));
        size += chunk.length;
        if (size <= limit) continue;
        problem = `it unpacks to more than ${limit} bytes, of which only the first were read`;
        return;
      }
    });
  } catch (error) {
    if (problem === undefined && !isZlibError(error)) throw error;
    problem ??= "its compressed data is damaged or ends early";
  }
  return { source: bufferSource(Buffer.concat(chunks)), problem };
}

const pieceBytes = 256 * 1024;

function* piecesOf(source: Source): Generator<Buffer> {
  for (let at = 0; at < source.size; at += pieceBytes) {
    const piece = view(source, at, Math.min(pieceBytes, source.size - at));
    if (piece === undefined) return;
    yield Buffer.from(piece); // the window it lies in is filled anew
  }
}

function isZlibError(error: unknown): boolean {
  const code = (error as NodeJS.ErrnoException).code ?? "";
  return code.startsWith("Z_") || code === "ERR_STREAM_PREMATURE_CLOSE";
}
