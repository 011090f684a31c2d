import type { Presentation } from "./presenter.ts";
import { table } from "./text.ts";

/** A page of a list as a table; an empty one says how to fill it, a cut one how to see more. */
export function page<Item>(
  answer: { items: readonly Item[]; nextPageToken: string | null; total?: number | undefined },
  head: readonly string[],
  row: (item: Item) => readonly (string | number | null)[],
  whenEmpty: string,
): Presentation {
  if (answer.items.length === 0) return { talk: whenEmpty };
  const notes = [
    ...(answer.total === undefined ? [] : [`${answer.total} in all`]),
    ...(answer.nextPageToken === null ? [] : [`There is more: add --page-token ${answer.nextPageToken}`]),
  ];
  const talk = notes.length === 0 ? {} : { talk: notes.join("\n") };
  return { data: table(head, answer.items.map(row)), ...talk };
}

/** What stands for what filters left nothing of. */
export const nothingFits = (all: string): string => `Nothing fits. See all: ${all}`;

/** What stands for an empty list: how to fill it, or, where filters left nothing, how to see it whole. */
export const emptyText = (input: Record<string, unknown>, fill: string, all: string): string =>
  Object.keys(input).some((name) => !["pageSize", "pageToken"].includes(name) && input[name] !== undefined)
    ? nothingFits(all)
    : fill;
