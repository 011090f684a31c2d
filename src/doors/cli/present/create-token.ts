import type { Presenter } from "./presenter.ts";
import { timeText } from "./text.ts";

export const createToken: Presenter<"createToken"> = (token, { now }) => ({
  data: token.token,
  talk: `Token ${token.name} (${token.id}), role ${token.role}, ${token.expiresAt === null ? "lives until revoked" : `ends ${timeText(token.expiresAt, now)}`}. It is shown this once.\nUse it: MODELYARD_URL=… MODELYARD_TOKEN=${token.token} modelyard service list`,
});
