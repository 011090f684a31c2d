import { ModelyardError } from "../../../contract/errors.ts";
import { tokensOf } from "./tokens.ts";

/** Refuses what stands in brackets behind a signal of a condition that was read before. Throws condition-invalid, whose text shows the place. */
export function refuseArgument(
  condition: string,
  { signal, argument }: { signal: string; argument: string },
  reason: string,
): never {
  const place = `${" ".repeat(placeOf(condition, signal, argument))}^`;
  throw new ModelyardError("condition-invalid", { reason, condition, place });
}

function placeOf(condition: string, signal: string, argument: string): number {
  const tokens = tokensOf(condition, () => {
    throw new Error("a condition that was read cannot be read again");
  });
  const place = tokens.findIndex(
    ({ text }, index) => text === argument && tokens[index - 1]?.text === "(" && tokens[index - 2]?.text === signal,
  );
  return tokens[place]?.at ?? 0;
}
