import type { Db } from "../../kernel/db.ts";
import { findImages } from "../../use/image/rows.ts";
import { columnRules } from "../../use/record-rules.ts";
import { findService } from "../../use/rows.ts";

/** A rule that makes other values of a column in records than those it was sent. */
export interface RedactedColumn {
  column: string;
  /** Nothing of it is left. */
  isDropped: boolean;
}

/** The columns of a service whose records do not hold what was sent; none when there is no such service. */
export async function redactedColumns(db: Db, name: string): Promise<RedactedColumn[]> {
  const service = await findService(db, name);
  if (service === undefined) return [];
  const [image] = await findImages(db, service.image);
  return columnRules(service.settings, image?.manifest.pii ?? [])
    .filter(({ rule }) => rule !== "keep")
    .map(({ column, rule }) => ({ column, isDropped: rule === "drop" }));
}

/** Whether a rule for one column is one for another, too: `embedding` is the rule of `embedding.3`. */
export const isRuleOf = (rule: string, column: string): boolean =>
  rule === column || rule === column.replace(/\.\d+$/, "");
