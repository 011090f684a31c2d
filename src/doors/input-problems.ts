import type { ZodError } from "zod";

/** What is wrong with an input, member by member; what is wrong with it as a whole, such as a key too many, without one. */
export const problemsOf = (error: ZodError): string =>
  error.issues.map(({ path, message }) => (path.length === 0 ? message : `${path.join(".")}: ${message}`)).join("; ");
