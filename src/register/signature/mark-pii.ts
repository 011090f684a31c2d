import { ModelyardError } from "../../contract/errors.ts";
import type { ModelSignature } from "../../contract/model.ts";

/** The signature with these columns marked as personal data. Error: invalid-input, for a column that it does not have. */
export function markPii(signature: ModelSignature | null, columns: readonly string[]): ModelSignature | null {
  if (columns.length === 0) return signature;
  const { inputs, outputs, ...more } = signature ?? { inputs: [], outputs: null };
  const names = [...inputs, ...(outputs ?? [])].flatMap(({ name }) => (name === null ? [] : [name]));
  const odd = columns.filter((column) => !names.includes(column));
  if (odd.length > 0)
    throw new ModelyardError("invalid-input", { problems: odd.map((name) => problemOf(name, names)) });
  const mark = <Field extends { name: string | null }>(field: Field): Field =>
    field.name !== null && columns.includes(field.name) ? { ...field, pii: true } : field;
  return { inputs: inputs.map(mark), outputs: outputs?.map(mark) ?? null, ...more };
}

function problemOf(column: string, names: readonly string[]): string {
  if (names.length === 0)
    return `pii: the model names no columns, so ${column} cannot be marked; give its service a rule: --record-field ${column}=drop`;
  const shown = names.slice(0, 20).join(", ") + (names.length > 20 ? ", …" : "");
  return `pii: there is no column ${column}; the model has ${shown}`;
}

/** The names of the columns that are marked. */
export const piiOf = (signature: ModelSignature | null): string[] =>
  [...(signature?.inputs ?? []), ...(signature?.outputs ?? [])].flatMap(({ name, pii }) =>
    pii === true && name !== null ? [name] : [],
  );
