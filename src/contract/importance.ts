import { ModelyardError } from "./errors.ts";

/** Weights of columns in the overall score of drift: `column=number`, split at the last sign, since names of columns may hold one. Error: invalid-input. */
export function parseImportance(given: string | readonly string[] | undefined): Record<string, number> {
  const pairs = given === undefined ? [] : typeof given === "string" ? [given] : given;
  return Object.fromEntries(
    pairs.map((pair) => {
      const cut = pair.lastIndexOf("=");
      const text = pair.slice(cut + 1).trim();
      const weight = Number(text);
      if (cut < 1) throw wrong(`${pair} is not column=number`);
      if (text === "" || !isWeight(weight)) throw wrong(`${pair}: a weight is a number of at least 0`);
      return [pair.slice(0, cut), weight];
    }),
  );
}

const wrong = (problem: string) => new ModelyardError("invalid-input", { problems: `importance: ${problem}` });

export const isWeight = (value: unknown): value is number =>
  typeof value === "number" && Number.isFinite(value) && value >= 0;
