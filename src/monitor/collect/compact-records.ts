import type { Handler } from "../../contract/operations.ts";
import { sinceMs } from "../../kernel/time-spans.ts";
import type { MonitorPorts } from "../ports.ts";
import type { Ingest } from "./ingest.ts";
import type { RecordKeeper } from "./keeper.ts";

export const compactRecords =
  ({
    clock,
    ingest,
    keeper,
    recordsFolder,
  }: Pick<MonitorPorts, "clock"> & {
    ingest: Ingest;
    keeper: RecordKeeper;
    recordsFolder: string;
  }): Handler<"compactRecords"> =>
  async ({ before }, { progress }) => {
    await ingest.catchUp();
    const moved = await keeper.move(sinceMs(before, clock.now()), ({ records, files }) =>
      progress({ event: "step", step: "move", message: `${records} record(s) in ${files} file(s)` }),
    );
    return { ...moved, folder: recordsFolder };
  };
