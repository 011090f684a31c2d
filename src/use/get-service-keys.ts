import type { Handler } from "../contract/operations.ts";
import { mustFindService } from "./describe-service.ts";
import type { UsePorts } from "./ports.ts";

export const getServiceKeys =
  ({ db }: Pick<UsePorts, "db">): Handler<"getServiceKeys"> =>
  async ({ name }) =>
    (await mustFindService(db, name)).keys;
