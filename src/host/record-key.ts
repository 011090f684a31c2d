import { readFileSync } from "node:fs";
import type { RecordingRule } from "../contract/host.ts";

const keyForm = /^[0-9a-f]{64}$/;

/** The key of rules of the kind hmac, from the file that the wanted state names; null when it is not there or is none. */
export function readRecordKey(file: string | null | undefined): Buffer | null {
  if (file == null) return null;
  try {
    const text = readFileSync(file, "utf8").trim();
    return keyForm.test(text) ? Buffer.from(text, "hex") : null;
  } catch {
    return null;
  }
}

/** Whether a service keeps columns by their HMAC. */
export const needsKey = ({ fields = {} }: RecordingRule): boolean =>
  Object.values(fields).some(({ kind }) => kind === "hmac");
