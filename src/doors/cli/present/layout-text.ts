import type { Written } from "../prepare/write-layout.ts";
import { noRecords } from "./no-records.ts";

/** What an export of a layout came to, and where there was nothing to export, how to fill it. `input` is what was asked for. */
export function layoutText({ folder, records, files, leftOut }: Written, input: Record<string, unknown>): string {
  const left = Object.entries(leftOut).map(([reason, number]) => `${number} left out: ${reason}`);
  const { layout, format: _, ...filters } = input;
  if (folder !== null)
    return [`${count(records, "record")} written to ${count(files, "file")} in ${folder}`, ...left].join("\n");
  if (left.length === 0) return `Nothing was written. ${noRecords(filters)}`;
  return [`Nothing was written: no record has what ${layout} files hold`, ...left].join("\n");
}

const count = (number: number, word: string): string => `${number} ${word}${number === 1 ? "" : "s"}`;
