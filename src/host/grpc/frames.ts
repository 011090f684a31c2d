import type { Http2Stream } from "node:http2";
import { ModelyardError } from "../../contract/errors.ts";
import { inflate } from "../compression.ts";
import { codes, GrpcError } from "./status.ts";

/** Before each message: whether it is compressed, one byte, and its length, u32 big-endian. */
const prefixBytes = 5;

/** A message as it goes over the wire, in pieces to write one behind the other. */
export function frameOf(message: Uint8Array, compressed: boolean): Uint8Array[] {
  const prefix = Buffer.allocUnsafe(prefixBytes);
  prefix.writeUInt8(compressed ? 1 : 0, 0);
  prefix.writeUInt32BE(message.length, 1);
  return [prefix, message];
}

/** What messages on their way take of the host's memory; what is done with a whole one has room of its own. */
export interface MessageRoom {
  /** Error: host-full. */
  hold(bytes: number): void;
  free(): void;
  /** Called when a message that began is not whole after so long. */
  onLate(): void;
  longestMs: number;
}

/**
 * The messages of a stream, inflated, each read as far as it is asked for. Leaves the stream open when it is left. Errors: GrpcError, also
 * for a message over `limit` bytes, before it is read; body-too-large and invalid-input for what does not inflate; host-full.
 * Format: https://github.com/grpc/grpc/blob/master/doc/PROTOCOL-HTTP2.md
 */
export async function* messagesOf(
  stream: Http2Stream,
  limit: number,
  encoding: string,
  room: MessageRoom,
): AsyncGenerator<Buffer> {
  const { hold, free, onLate, longestMs } = room;
  let timer: NodeJS.Timeout | undefined;
  const begin = (bytes: number) => {
    hold(bytes);
    timer = setTimeout(onLate, longestMs);
  };
  try {
    yield* readMessages(stream, limit, encoding, { begin, hold, isWhole: () => clearTimeout(timer), free });
  } finally {
    clearTimeout(timer);
    free();
  }
}

interface Reading extends Pick<MessageRoom, "hold" | "free"> {
  begin(bytes: number): void;
  isWhole(): void;
}

async function* readMessages(
  stream: Http2Stream,
  limit: number,
  encoding: string,
  room: Reading,
): AsyncGenerator<Buffer> {
  let chunks: Buffer[] = [];
  let have = 0;
  let wanted: { size: number; compressed: boolean } | undefined;
  const take = (size: number): Buffer => {
    const all = chunks.length === 1 ? (chunks[0] as Buffer) : Buffer.concat(chunks, have);
    chunks = all.length > size ? [all.subarray(size)] : [];
    have -= size;
    return all.subarray(0, size);
  };
  for await (const chunk of stream.iterator({ destroyOnReturn: false })) {
    chunks.push(chunk as Buffer);
    have += (chunk as Buffer).length;
    for (;;) {
      if (wanted === undefined) {
        if (have < prefixBytes) break;
        wanted = readPrefix(take(prefixBytes), limit);
        room.begin(wanted.size);
      }
      if (have < wanted.size) break;
      const bytes = take(wanted.size);
      room.isWhole();
      const { compressed } = wanted;
      wanted = undefined;
      yield compressed ? await inflate(bytes, encoding, limit, room.hold) : bytes;
      room.free();
    }
  }
  if (wanted !== undefined || have > 0) throw new GrpcError(codes.invalidArgument, "The last message ends too early");
}

function readPrefix(prefix: Buffer, limit: number): { size: number; compressed: boolean } {
  const size = prefix.readUInt32BE(1);
  if (size > limit) throw new ModelyardError("body-too-large", { limit });
  return { size, compressed: prefix.readUInt8(0) === 1 };
}
