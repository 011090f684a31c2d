import type { Handler } from "../../contract/operations.ts";
import { mustKnowService } from "../known-services.ts";
import type { MonitorPorts } from "../ports.ts";
import type { RecordKeeper } from "./keeper.ts";

/** Of a service that never was nothing is erased: its name is misspelt, and what should go would stay. */
export const eraseRecords =
  ({ db, keeper }: Pick<MonitorPorts, "db"> & { keeper: RecordKeeper }): Handler<"eraseRecords"> =>
  async ({ correlationId, service }, { actor }) => {
    await mustKnowService(db, service);
    return keeper.erase({ id: correlationId, service, by: actor.name });
  };
