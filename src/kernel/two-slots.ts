import { readFileSync } from "node:fs";
import { type FileHandle, open, readFile } from "node:fs/promises";
import { crc32c } from "./crc32c.ts";

/** Bytes of a slot; its head is the CRC-32C of what follows, the number of the write (both uint32, little-endian) and the length of the text (uint16). */
const slotBytes = 4096;
const headBytes = 10;
export const longestText = slotBytes - headBytes;

/**
 * A short text in a file of fixed size that is written in place, so that it needs no room where there is none. The two slots take turns: who is killed
 * on the way, or reads meanwhile, has the text before. It is not synced: it outlives a kill, not every power cut.
 */
export interface TwoSlots {
  /** What was there when it was opened. */
  before: string | undefined;
  /** One after the other. Rejects when the disk takes it not. */
  write(text: string): Promise<void>;
  close(): Promise<void>;
}

/** The room is taken with the first write; before that nothing is made. */
export function openTwoSlots(path: string): TwoSlots {
  const last = newest(readIfAny(path));
  let handle: FileHandle | undefined;
  let number = last?.number ?? 0;
  return {
    before: last?.text,
    write: async (text) => {
      handle ??= await openWhole(path);
      number += 1;
      const slot = encode(number, text);
      await handle.write(slot, 0, slot.length, (number % 2) * slotBytes);
    },
    close: async () => handle?.close(),
  };
}

/** The text that was written last; undefined when there is none. */
export async function readTwoSlots(path: string): Promise<string | undefined> {
  return newest(await readFile(path).catch(() => undefined))?.text;
}

function readIfAny(path: string): Buffer | undefined {
  try {
    return readFileSync(path);
  } catch {
    return undefined;
  }
}

/** With room for both slots. */
async function openWhole(path: string): Promise<FileHandle> {
  // made when it is not there, and never cut
  const made = await open(path, "a", 0o600);
  try {
    const { size } = await made.stat();
    if (size < 2 * slotBytes) await made.appendFile(Buffer.alloc(2 * slotBytes - size));
  } finally {
    await made.close();
  }
  return open(path, "r+");
}

function encode(number: number, text: string): Buffer {
  const slot = Buffer.alloc(slotBytes);
  const length = slot.write(text, headBytes, "utf8");
  if (length < Buffer.byteLength(text)) throw new RangeError(`a slot has ${longestText} bytes`);
  slot.writeUInt32LE(number >>> 0, 4);
  slot.writeUInt16LE(length, 8);
  slot.writeUInt32LE(crc32c(slot.subarray(4)), 0);
  return slot;
}

function newest(bytes: Buffer | undefined): { number: number; text: string } | undefined {
  const slots = [0, slotBytes].flatMap((at) => decode(bytes?.subarray(at, at + slotBytes)) ?? []);
  return slots.sort((a, b) => b.number - a.number)[0];
}

function decode(slot: Buffer | undefined): { number: number; text: string } | undefined {
  if (slot?.length !== slotBytes || slot.readUInt32LE(0) !== crc32c(slot.subarray(4))) return undefined;
  const length = slot.readUInt16LE(8);
  return { number: slot.readUInt32LE(4), text: slot.toString("utf8", headBytes, headBytes + length) };
}
