import type { ModelyardError } from "../src/contract/errors.ts";

/** The error that a call is refused with. */
export async function errorOf(work: Promise<unknown>): Promise<ModelyardError> {
  try {
    await work;
  } catch (error) {
    return error as ModelyardError;
  }
  throw new Error("it was not refused");
}

/** Its code alone, or `no error`. */
export const codeOf = (work: Promise<unknown>): Promise<string> =>
  work.then(
    () => "no error",
    (error: ModelyardError) => error.code,
  );
