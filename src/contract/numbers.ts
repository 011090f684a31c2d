import { z } from "zod";

const numberText = z
  .string()
  .regex(/^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i)
  .transform(Number);

/**
 * A number within bounds; also the text of one, as queries and command lines give it. Unlike z.coerce it takes null, true and empty
 * texts for no number: JSON.stringify writes NaN as null, and a metric must not become 0 by that.
 */
const numeric = (bounds: z.ZodNumber) => z.union([z.number(), numberText], { error: "is not a number" }).pipe(bounds);

/** Any finite number. */
export const decimal = numeric(z.number("is not a finite number"));

/** A whole number from `min` to `max`. */
export const whole = (min: number, max?: number) => {
  const bounds = z.number().int().min(min);
  return numeric(max === undefined ? bounds : bounds.max(max));
};
