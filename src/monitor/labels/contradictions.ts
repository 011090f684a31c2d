import type { OneLabel } from "./rows.ts";

/** Labels that are remembered: of a file with more, only those that stand closer together are compared. */
const mostRemembered = 200_000;

/**
 * Finds labels of a file that say another thing of a row than one before: the later one would win, and change something each time the file is told.
 * Gives the line of the one before; undefined when they agree.
 */
export function contradictionFinder(): (label: OneLabel, line: number) => number | undefined {
  const seen = new Map<string, { label: OneLabel; line: number }>();
  return (label, line) => {
    const key = `${label.row} ${label.id}`;
    const before = seen.get(key);
    if (before !== undefined && !agree(before.label, label)) return before.line;
    if (before === undefined || label.at !== null) seen.set(key, { label, line });
    if (seen.size > mostRemembered) seen.delete(seen.keys().next().value as string);
    return undefined;
  };
}

const agree = (a: OneLabel, b: OneLabel): boolean =>
  a.value === b.value && (a.at === b.at || a.at === null || b.at === null);
