import { ModelyardError } from "../contract/errors.ts";
import { type Role, roleIncludes } from "../contract/operation.ts";
import type { StoredAlias } from "./rows/aliases.ts";

/** Only admin moves or removes a protected alias; throws alias-protected. */
export function refuseProtected(name: string, aliases: readonly StoredAlias[], role: Role): void {
  const held = aliases.find((entry) => entry.protected);
  if (held !== undefined && !roleIncludes(role, "admin"))
    throw new ModelyardError("alias-protected", { model: name, alias: held.alias });
}
