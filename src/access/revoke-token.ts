import { ModelyardError } from "../contract/errors.ts";
import type { Handler } from "../contract/operations.ts";
import { emit } from "../kernel/outbox.ts";
import type { AccessPorts } from "./ports.ts";
import { findToken, revoke } from "./rows/tokens.ts";

export const revokeToken =
  ({ db, clock }: AccessPorts): Handler<"revokeToken"> =>
  ({ id }, { actor }) =>
    db.transaction(async (tx) => {
      const at = clock.now();
      const revoked = await revoke(tx, id, at);
      const token = await findToken(tx, id);
      if (token === undefined) throw new ModelyardError("token-not-found", { id });
      const data = { id, name: token.name, role: token.role };
      if (revoked)
        await emit(tx, { type: "modelyard.token.revoked", subject: `tokens/${id}`, data, actor: actor.name, at });
      return token;
    });
