import { deserialize, serialize } from "node:v8";
import { deflateRawSync, inflateRawSync } from "node:zlib";
import { settle } from "./row-sample.ts";
import type { TableProfile } from "./table-profile.ts";

/** The first byte says how the rest is written. 1: V8's serialisation, which later versions of Node read, deflated. */
const format = 1;

/** A profile as the bytes of one row. */
export function encodeProfile(profile: TableProfile): Buffer {
  settle(profile.sample);
  return Buffer.concat([Buffer.of(format), deflateRawSync(serialize(profile), { level: 1 })]);
}

export function decodeProfile(bytes: Uint8Array): TableProfile {
  if (bytes[0] !== format) throw new Error(`a profile of the unknown format ${bytes[0]}`);
  return deserialize(inflateRawSync(bytes.subarray(1))) as TableProfile;
}
