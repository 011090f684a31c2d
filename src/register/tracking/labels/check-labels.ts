import { ModelyardError } from "../../../contract/errors.ts";
import type { Labels } from "../../../contract/tracking.ts";

const keyPattern = /^[\p{L}\p{N}_./ :-]{1,250}$/u;
const valueLimit = 100_000;

/** Refuses keys that MLflow clients could not show as a path and values that are too long. */
export function checkKeys(what: string, keys: readonly string[]): void {
  for (const key of keys) {
    const parts = key.split("/");
    if (!keyPattern.test(key) || parts.some((part) => part === "" || part === "." || part === ".."))
      throw new ModelyardError("invalid-input", {
        problems: `Invalid ${what} name: '${key.slice(0, 300)}'. Names may only contain alphanumerics, underscores (_), dashes (-), periods (.), spaces ( ), colons(:) and slashes (/), at most 250 characters, and no empty, . or .. between slashes`,
      });
  }
}

export function checkLabels(what: string, labels: Labels): void {
  checkKeys(what, Object.keys(labels));
  for (const [key, value] of Object.entries(labels))
    if (value.length > valueLimit)
      throw new ModelyardError("invalid-input", {
        problems: `The value of ${what} '${key}' has ${value.length} characters, more than the limit of ${valueLimit} characters`,
      });
}
