import { ModelyardError } from "../contract/errors.ts";

/**
 * Why a record is not told as columns. Words of a small set, so that they can be counted, and without values of the user's.
 * cut: longer than what is kept · not-kept: outside the sample · no-image: nothing is known of what answered · empty: no bytes ·
 * not-json: no JSON, nor another form that is read · not-tabular: values nested too deep, or no rows · unfit: not what the signature takes ·
 * rows-differ: more or fewer answers than rows.
 */
export type Reason = "cut" | "not-kept" | "no-image" | "empty" | "not-json" | "not-tabular" | "unfit" | "rows-differ";

class Undecoded extends Error {
  constructor(readonly reason: Reason) {
    super(reason);
  }
}

export function giveUp(reason: Reason): never {
  throw new Undecoded(reason);
}

/** What a parser calls for input it refuses. Its words may hold values: they go no further. */
export const unfit = (_words: string): never => giveUp("unfit");

/** What decoding finds, or why it finds nothing. A parser's refusal, or a stack too small for a nested body, is the record's doing. */
export function attempt<Found>(decode: () => Found): { found: Found; reason: null } | { found: null; reason: Reason } {
  try {
    return { found: decode(), reason: null };
  } catch (error) {
    if (error instanceof Undecoded) return { found: null, reason: error.reason };
    if (error instanceof ModelyardError)
      return { found: null, reason: error.code === "not-json" ? "not-json" : "unfit" };
    return { found: null, reason: "not-tabular" };
  }
}
