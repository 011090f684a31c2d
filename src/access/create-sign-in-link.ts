import type { Handler } from "../contract/operations.ts";
import { sha256 } from "../kernel/hash.ts";
import { newSecret } from "../kernel/ids.ts";
import type { AccessPorts } from "./ports.ts";
import { deleteExpired, insertLink } from "./rows/sessions.ts";

const lifeMs = 60_000;

/** The code stands in the fragment of the address, which browsers send nobody: no log and no proxy sees it. */
export const createSignInLink =
  ({ db, clock, source }: AccessPorts & { source(): string }): Handler<"createSignInLink"> =>
  async ({ to }, { actor }) => {
    const now = clock.now();
    const code = newSecret("myl");
    await db.transaction(async (tx) => {
      await deleteExpired(tx, now);
      await insertLink(tx, { hash: sha256(code), token: actor.id, expiresAt: now + lifeMs });
    });
    const page = to === undefined ? "" : `&to=${encodeURIComponent(to).replaceAll("%2F", "/")}`;
    return { url: `${source()}/sign-in#${code}${page}`, expiresAt: now + lifeMs };
  };
