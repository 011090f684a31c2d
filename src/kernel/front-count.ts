import { ModelyardError } from "../contract/errors.ts";

const most = 64;

/** The number in MODELYARD_FRONTS, or in the flag that is named. Error: invalid-input. */
export function frontCount(text: string, name = "MODELYARD_FRONTS"): number {
  if (/^\d{1,3}$/.test(text) && Number(text) >= 1 && Number(text) <= most) return Number(text);
  throw new ModelyardError("invalid-input", {
    problems: `${name}: is a number from 1 to ${most}, not ${text}`,
  });
}
