import { deserialize, serialize } from "node:v8";
import { deflateRawSync, inflateRawSync } from "node:zlib";
import type { Layout } from "./layout.ts";
import { type Counts, packCounts, unpackCounts } from "./packed-counts.ts";
import { noSample, type RowSample, settle } from "./row-sample.ts";
import type { TableProfile } from "./table-profile.ts";

/**
 * The first byte says how the rest is written, deflated. 1: V8's serialisation, which later versions of Node read; 2: packed counts. Counts were of format 1
 * once, samples and layouts still are.
 */
const [serialised, packed] = [1, 2];

const written = (format: number, bytes: Uint8Array): Buffer =>
  Buffer.concat([Buffer.of(format), deflateRawSync(bytes, { level: 1 })]);

const encode = (value: unknown): Buffer => written(serialised, serialize(value));

function decode(bytes: Uint8Array): unknown {
  if (bytes[0] !== serialised) throw new Error(`a profile of the unknown format ${bytes[0]}`);
  return deserialize(inflateRawSync(bytes.subarray(1)));
}

/** A profile as the bytes of a row. The sample is most of them, and not always asked for. */
export function encodeProfile({ sample, ...counts }: TableProfile): { profile: Buffer; sample: Buffer } {
  return { profile: written(packed, packCounts(counts)), sample: encodeSample(sample) };
}

const encodeSample = (sample: RowSample): Buffer => encode(settle(sample));

/** A profile without its sample. */
export const decodeProfile = (bytes: Uint8Array): TableProfile => ({
  ...(bytes[0] === packed ? unpackCounts(inflateRawSync(bytes.subarray(1))) : (decode(bytes) as Counts)),
  sample: noSample([], 0),
});

export const decodeSample = (bytes: Uint8Array): RowSample => decode(bytes) as RowSample;

export const encodeLayout = (layout: Layout): Buffer => encode(layout);
export const decodeLayout = (bytes: Uint8Array): Layout => decode(bytes) as Layout;
