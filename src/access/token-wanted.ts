import { ModelyardError } from "../contract/errors.ts";

/** The refusal of a request without a valid token of the server. */
export const tokenWanted = (): ModelyardError =>
  new ModelyardError("unauthenticated", { secret: "token", source: "`modelyard token create` makes one" });
