import type { Handler } from "../../contract/operations.ts";
import type { RecordKeeper } from "./keeper.ts";

export const eraseRecords =
  ({ keeper }: { keeper: RecordKeeper }): Handler<"eraseRecords"> =>
  ({ correlationId, service }, { actor }) =>
    keeper.erase({ id: correlationId, service, by: actor.name });
