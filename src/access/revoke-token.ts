import { ModelyardError } from "../contract/errors.ts";
import type { Handler } from "../contract/operations.ts";
import type { AccessPorts } from "./ports.ts";
import { revoke } from "./rows.ts";

export const revokeToken =
  ({ db, clock }: AccessPorts): Handler<"revokeToken"> =>
  async ({ id }) => {
    const token = await revoke(db, id, clock.now());
    if (token === undefined) throw new ModelyardError("token-not-found", { id });
    return token;
  };
