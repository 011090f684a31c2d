import type { Handler } from "../contract/operations.ts";

export const getSession =
  (): Handler<"getSession"> =>
  async (_input, { actor: { name, role, kind, expiresAt } }) => ({ name, role, kind, expiresAt });
