import { ModelyardError } from "../../contract/errors.ts";
import { type Role, roleIncludes } from "../../contract/operation.ts";

/** What a file would do when it is loaded, or why that cannot be told. */
export interface Finding {
  path: string;
  reason: string;
}

/** Only admin takes what may run code of its own. Throws forbidden. */
export function mayTakeUnsafe({ allowUnsafe }: { allowUnsafe: boolean }, { role }: { role: Role }): void {
  if (allowUnsafe && !roleIncludes(role, "admin"))
    throw new ModelyardError("forbidden", { role, operation: "allowUnsafe", needed: "admin" });
}

/** Throws unsafe-pickle for the first finding. */
export function refuseUnsafe(findings: readonly Finding[]): void {
  const [first, ...others] = findings;
  if (first === undefined) return;
  const more = others.length === 0 ? "" : `; and ${others.length} more file(s) like it`;
  throw new ModelyardError("unsafe-pickle", { path: first.path, reason: `${first.reason}${more}` });
}
