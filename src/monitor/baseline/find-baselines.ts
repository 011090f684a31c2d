import type { BaselineSummary } from "../../contract/drift.ts";
import type { Db } from "../../kernel/db.ts";
import { findMonitored } from "../monitored-services.ts";
import type { Side } from "../profile/rows.ts";
import { isRuleOf, type RedactedColumn, redactedColumns } from "../rules/redacted-columns.ts";
import { baselineOwner } from "./owner.ts";
import { type Baseline, findBaseline, type Owner } from "./rows.ts";

export interface OwnedBaseline extends Baseline {
  owner: Owner;
  /** Columns that are not compared, as their rules have them: records hold other values than the baseline was made of. */
  redacted: string[];
}

/** The baselines that hold for a service as it is now, or for one of its revisions. */
export async function findBaselinesOf(
  db: Db,
  service: string,
  revision: number | undefined,
): Promise<Record<Side, OwnedBaseline | undefined>> {
  const models = (await findMonitored(db, service, revision))?.models ?? [];
  const rules = await redactedColumns(db, service);
  const find = async (side: Side) => {
    const found = await baselineOwner(db, service, models, side);
    const baseline = found && (await findBaseline(db, found.owner, side));
    return baseline === undefined || found === undefined ? undefined : comparable(baseline, found.owner, rules);
  };
  return { inputs: await find("inputs"), predictions: await find("predictions") };
}

/** A window of the service's own past was redacted as its present is; only what is dropped says nothing in both. */
function comparable(baseline: Baseline, owner: Owner, rules: readonly RedactedColumn[]): OwnedBaseline {
  const { profile, source } = baseline;
  const hiding = rules.filter(({ isDropped }) => isDropped || source.kind === "file");
  const redacted = hiding.map(({ column }) => column);
  const isHidden = (name: string) => redacted.some((rule) => isRuleOf(rule, name));
  const columns = new Map([...profile.columns].filter(([name]) => !isHidden(name)));
  return { ...baseline, owner, redacted, profile: { ...profile, columns } };
}

export function summarise(baseline: OwnedBaseline | undefined): BaselineSummary | null {
  if (baseline === undefined) return null;
  const { owner, source, profile, importance, createdAt, createdBy } = baseline;
  return {
    of: "service" in owner ? `services/${owner.service}` : `models/${owner.name}/versions/${owner.version}`,
    file: source.kind === "file" ? source.digest : null,
    since: source.kind === "window" ? source.since : null,
    until: source.kind === "window" ? source.until : null,
    rows: profile.rows,
    columns: profile.columns.size,
    importance,
    createdAt,
    createdBy,
  };
}
