import type { ModelSignature } from "../../contract/model.ts";

/** The columns that a model takes, where all have names; null where some have none, or are tensors. */
export function namedInputs(signature: ModelSignature | null): string[] | null {
  const inputs = signature?.inputs ?? [];
  const names = inputs.flatMap(({ name, shape }) => (name === null || shape !== null ? [] : [name]));
  return names.length > 0 && names.length === inputs.length ? names : null;
}
