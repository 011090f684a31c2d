import type { Handler } from "../contract/operations.ts";
import { signServiceToken, tokenSecretOf } from "../kernel/service-token.ts";
import { spanMs } from "../kernel/time-spans.ts";
import { mustFindService } from "./describe-service.ts";
import type { UsePorts } from "./ports.ts";

/** The share of a token's life after which its holder asks for the next one. */
const freshShare = 0.75;

export const createServiceToken =
  ({ db, clock, log }: Pick<UsePorts, "db" | "clock" | "log">): Handler<"createServiceToken"> =>
  async ({ name, expiresIn }, { actor }) => {
    const lifeMs = spanMs(expiresIn);
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
