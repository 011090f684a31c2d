import type { Difference } from "../../../contract/update.ts";
import { table } from "./text.ts";

/** What changes, one member a line. */
export const differenceText = (differences: readonly Difference[]): string =>
  table(
    ["CHANGES", "FROM", "TO"],
    differences.map(({ what, from, to }) => [what, from, to]),
  );
