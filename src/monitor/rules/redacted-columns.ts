import type { Db } from "../../kernel/db.ts";
import { findManifest } from "../../use/image/rows.ts";
import { columnRules } from "../../use/record-rules.ts";
import { findRevision, findService } from "../../use/rows.ts";

/** What makes other values of columns in records than were sent: by column, its rule. A column that is kept as it is has none. */
export type Redaction = ReadonlyMap<string, string>;

/** What is kept as it was sent. */
export const asSent: Redaction = new Map();

/** How records of a revision of a service are written, or of what it is now when no revision is said. */
export async function redactionOf(db: Db, service: string, revision?: number): Promise<Redaction> {
  const found = revision === undefined ? await findService(db, service) : await findRevision(db, service, revision);
  if (found === undefined) return asSent;
  const manifest = await findManifest(db, found.image);
  const rules = columnRules(found.settings, manifest?.pii ?? []).filter(({ rule }) => rule !== "keep");
  return new Map(rules.map(({ column, rule }) => [column, rule]));
}

/** Columns whose values say nothing of each other in rows that were written in these ways: one of them dropped it, or wrote it in another way than the rest. */
export function incomparableColumns(redactions: readonly Redaction[]): string[] {
  const columns = new Set(redactions.flatMap((redaction) => [...redaction.keys()]));
  return [...columns].filter((column) => {
    const rules = new Set(redactions.map((redaction) => redaction.get(column)));
    return rules.has("drop") || rules.size > 1;
  });
}

/** Whether a rule for one column is one for another, too: `embedding` is the rule of `embedding.3`. */
export const isRuleOf = (rule: string, column: string): boolean =>
  rule === column || rule === column.replace(/\.\d+$/, "");
