import type { Db } from "../../kernel/db.ts";
import type { TimeWindow } from "../profile/rows.ts";
import { type Redaction, redactionOf } from "../rules/redacted-columns.ts";
import type { Policy } from "./policy.ts";

/** How the rows of each revision were written, by its number. */
export type Redactions = ReadonlyMap<number, Redaction>;

/** Of the revisions with rows in these windows: the rules that a service has now say nothing of what it kept before. */
export async function redactionsOf(db: Db, service: string, windows: readonly TimeWindow[]): Promise<Redactions> {
  const found = new Map<number, Redaction>();
  for (const { stored } of windows)
    for (const { revision } of stored)
      if (!found.has(revision)) found.set(revision, await redactionOf(db, service, revision));
  return found;
}

/** Those of the revisions with rows in some of the windows. */
export const redactionsIn = (redactions: Redactions, windows: readonly TimeWindow[]): Redaction[] => {
  const revisions = new Set(windows.flatMap(({ stored }) => stored.map(({ revision }) => revision)));
  return [...redactions].filter(([revision]) => revisions.has(revision)).map(([, redaction]) => redaction);
};

/** The windows with rows that make the states of columns and their signals. */
export const newestWindows = (windows: readonly TimeWindow[], policy: Policy): TimeWindow[] =>
  windows.filter(({ stored }) => stored.length > 0).slice(-policy.windows);
