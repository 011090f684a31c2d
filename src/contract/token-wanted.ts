import { ModelyardError } from "./errors.ts";
import type { Role } from "./roles.ts";

/** The refusal of a request without a valid token of the server, of a role when one is needed. */
export const tokenWanted = (role?: Role): ModelyardError =>
  new ModelyardError("unauthenticated", {
    secret: "token",
    source: `\`modelyard token create${role === undefined ? "" : ` --role ${role}`}\` makes one`,
  });
