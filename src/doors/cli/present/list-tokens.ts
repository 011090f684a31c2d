import { page } from "./page.ts";
import type { Presenter } from "./presenter.ts";
import { timeText } from "./text.ts";

export const listTokens: Presenter<"listTokens"> = (answer, { now }) =>
  page(
    answer,
    ["ID", "NAME", "ROLE", "CREATED", "STATE"],
    (token) => [token.id, token.name, token.role, timeText(token.createdAt, now), stateOf(token, now)],
    "There are no tokens. Make one: modelyard token create --role reader",
  );

function stateOf(token: { expiresAt: number | null; revokedAt: number | null }, now: number): string {
  if (token.revokedAt !== null) return `revoked ${timeText(token.revokedAt, now)}`;
  if (token.expiresAt === null) return "valid";
  return `${token.expiresAt <= now ? "ended" : "ends"} ${timeText(token.expiresAt, now)}`;
}
