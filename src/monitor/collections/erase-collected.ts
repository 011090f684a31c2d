import { erasedIds, type RecordEraser } from "../collect/consumer.ts";
import { deleteCollectedOf } from "./rows.ts";

/** What a script collected in an erased request goes with it. */
export const collectedEraser: RecordEraser = {
  erased: async (tx, records, erasing) => ({
    collected: await deleteCollectedOf(tx, erasedIds(records, erasing), erasing.service),
  }),
  finish: async () => {},
};
