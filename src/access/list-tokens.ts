import type { Handler } from "../contract/operations.ts";
import { decodePageToken, pageOf } from "../kernel/paging.ts";
import type { AccessPorts } from "./ports.ts";
import { selectTokens } from "./rows/tokens.ts";

export const listTokens =
  ({ db }: AccessPorts): Handler<"listTokens"> =>
  async ({ pageSize, pageToken }) => {
    const after = decodePageToken(pageToken, 1);
    const rows = await selectTokens(db, pageSize + 1, after?.[0]?.toString());
    return pageOf(
      rows,
      pageSize,
      (token) => [token.id],
      (token) => token,
    );
  };
