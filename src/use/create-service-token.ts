import { ModelyardError } from "../contract/errors.ts";
import type { Handler } from "../contract/operations.ts";
import { signServiceToken, tokenSecretOf } from "../kernel/service-token.ts";
import { spanMs } from "../kernel/time-spans.ts";
import { mustFindService } from "./describe-service.ts";
import type { UsePorts } from "./ports.ts";

const longestMs = 24 * 3_600_000;
/** The share of a token's life after which its holder asks for the next one. */
const freshShare = 0.75;

export const createServiceToken =
  ({ db, clock, log }: Pick<UsePorts, "db" | "clock" | "log">): Handler<"createServiceToken"> =>
  async ({ name, expiresIn }, { actor }) => {
    const lifeMs = spanMs(expiresIn);
    if (lifeMs > longestMs) throw new ModelyardError("invalid-input", { problems: "expiresIn: is at most 24h" });
    const { keys } = await mustFindService(db, name);
    const now = Math.floor(clock.now() / 1000) * 1000;
    const expiresAt = now + lifeMs;
    log.info({ service: name, by: actor.name, expiresAt }, "a token for scoring was given out");
    return {
      token: signServiceToken({ name, tokenSecret: tokenSecretOf(keys) }, expiresAt),
      expiresAt,
      refreshAfter: now + Math.floor(lifeMs * freshShare),
    };
  };
