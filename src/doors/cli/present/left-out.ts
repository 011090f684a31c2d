import type { BaselineFile } from "../../../contract/drift.ts";

interface LeftOut {
  columns: readonly string[];
  /** Whose columns they are not, as `service loans`. */
  of: string;
  /** The file they are of. */
  file: unknown;
  /** The flag that names its column with what the model predicts. */
  targetFlag: string;
}

/** Says of columns of a baseline's file that they are not compared. Most often one is what the model predicts. */
export function leftOutText({ columns, of, file, targetFlag }: LeftOut): string[] {
  if (columns.length === 0) return [];
  const { target } = file as BaselineFile;
  const hint = target === undefined ? `. What the model predicts is compared when ${targetFlag} names it` : "";
  return [`Left out, as ${of} has no such column: ${columns.join(", ")}${hint}`];
}
