import { readJsonObject } from "./json-object.ts";
import { refuseTensors } from "./tensors.ts";
import { brief } from "./words.ts";

/** Says where the JSON of a body ends and its binary tensors begin. */
export const lengthHeader = "inference-header-content-length";

/**
 * The JSON of a body of the Open Inference Protocol, and the binary tensors behind it. `length` is the value of the header; undefined
 * when the body is JSON alone.
 */
export function splitBody(body: Buffer, length: unknown): { head: Record<string, unknown>; binary: Buffer } {
  if (length === undefined) return { head: readJsonObject(body, refuseTensors), binary: Buffer.alloc(0) };
  const bytes = /^\d{1,15}$/.test(String(length)) ? Number(length) : Number.NaN;
  if (!(bytes <= body.length))
    refuseTensors(`Inference-Header-Content-Length is ${brief(length)}; the body has ${body.length} bytes`);
  return { head: readJsonObject(body.subarray(0, bytes), refuseTensors), binary: body.subarray(bytes) };
}
