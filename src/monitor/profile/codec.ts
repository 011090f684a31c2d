import { deserialize, serialize } from "node:v8";
import { deflateRawSync, inflateRawSync } from "node:zlib";
import type { Layout } from "./layout.ts";
import { noSample, type RowSample, settle } from "./row-sample.ts";
import type { TableProfile } from "./table-profile.ts";

/** The first byte says how the rest is written. 1: V8's serialisation, which later versions of Node read, deflated. */
const format = 1;

const encode = (value: unknown): Buffer =>
  Buffer.concat([Buffer.of(format), deflateRawSync(serialize(value), { level: 1 })]);

function decode(bytes: Uint8Array): unknown {
  if (bytes[0] !== format) throw new Error(`a profile of the unknown format ${bytes[0]}`);
  return deserialize(inflateRawSync(bytes.subarray(1)));
}

/** A profile as the bytes of a row. The sample is most of them, and not always asked for. */
export function encodeProfile({ sample, ...counts }: TableProfile): { profile: Buffer; sample: Buffer } {
  return { profile: encode(counts), sample: encodeSample(sample) };
}

const encodeSample = (sample: RowSample): Buffer => encode(settle(sample));

/** A profile without its sample. */
export const decodeProfile = (bytes: Uint8Array): TableProfile => ({
  ...(decode(bytes) as Omit<TableProfile, "sample">),
  sample: noSample([], 0),
});

export const decodeSample = (bytes: Uint8Array): RowSample => decode(bytes) as RowSample;

export const encodeLayout = (layout: Layout): Buffer => encode(layout);
export const decodeLayout = (bytes: Uint8Array): Layout => decode(bytes) as Layout;
