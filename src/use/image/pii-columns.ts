import type { Manifest } from "../../contract/image.ts";
import type { ModelSignature } from "../../contract/model.ts";

/**
 * The columns that signatures of models mark as personal data, as records of the image call them. Where the image takes rows without
 * names these are `x0`, `x1`, … in the order of the signature; a script may be sent either.
 */
export function piiColumns(
  signatures: readonly (ModelSignature | null)[],
  { input }: Manifest["signature"],
): string[] | undefined {
  const columns = signatures.flatMap((signature) => [
    ...(signature?.inputs ?? []).flatMap(({ name, pii, shape }, place, { length }) => {
      if (pii !== true) return [];
      const places = length === 1 ? placesOf(shape) : [place];
      const numbered = places.map((one) => `x${one}`);
      const named = name === null ? [] : [name];
      if (input.kind === "text") return [...named, ...numbered];
      return input.names === null ? numbered : named;
    }),
    ...(signature?.outputs ?? []).flatMap(({ name, pii }) => (pii === true && name !== null ? [name] : [])),
  ]);
  return columns.length === 0 ? undefined : [...new Set(columns)].sort();
}

/** One input may be the whole row. */
function placesOf(shape: readonly (number | null)[] | null): number[] {
  const width = shape !== null && shape.length > 1 ? (shape.at(-1) ?? 1) : 1;
  return Array.from({ length: width }, (_, place) => place);
}
