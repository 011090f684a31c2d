/** A shape as people write it: `any × 64`; a column has none. */
export const shapeText = (shape: readonly (number | null)[] | null): string =>
  shape === null ? "–" : shape.map((length) => (length === null || length < 0 ? "any" : String(length))).join(" × ");
