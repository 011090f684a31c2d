import { erasedIds, type RecordEraser } from "../collect/consumer.ts";
import { deleteLabelsOf } from "./rows.ts";

/** What was told of an erased request goes with it. */
export const labelEraser: RecordEraser = {
  erased: async (tx, records, erasing) => ({
    labels: await deleteLabelsOf(tx, erasedIds(records, erasing), erasing.service),
  }),
  finish: async () => {},
};
