import { ModelyardError } from "../contract/errors.ts";

const most = 64;

/** The number in MODELYARD_FRONTS. Error: invalid-input. */
export function frontCount(text: string): number {
  if (/^\d{1,3}$/.test(text) && Number(text) >= 1 && Number(text) <= most) return Number(text);
  throw new ModelyardError("invalid-input", {
    problems: `MODELYARD_FRONTS: is a number from 1 to ${most}, not ${text}`,
  });
}
