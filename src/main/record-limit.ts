import { ModelyardError } from "../contract/errors.ts";

/** MODELYARD_RECORD_MB as bytes; null, no limit, when it is empty or 0. Error: invalid-input. */
export function recordLimit(text: string): number | null {
  if (text === "") return null;
  if (!/^\d{1,9}$/.test(text))
    throw new ModelyardError("invalid-input", {
      problems: `MODELYARD_RECORD_MB: is a whole number of megabytes, not ${text}`,
    });
  return Number(text) === 0 ? null : Number(text) * 1_000_000;
}
