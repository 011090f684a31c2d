import { invokeLine } from "./invoke-line.ts";
import { emptyText } from "./page.ts";

/** What stands for records where there are none: how to get some, or, where filters left nothing, how to see all. */
export const noRecords = (input: Record<string, unknown>): string =>
  emptyText(input, `No records. Send a request: ${invokeLine("NAME")}`, "modelyard record list");
