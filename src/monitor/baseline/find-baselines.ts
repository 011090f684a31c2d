import type { BaselineSummary } from "../../contract/drift.ts";
import type { Db } from "../../kernel/db.ts";
import { findMonitored } from "../monitored-services.ts";
import { type Side, selectWindows } from "../profile/rows.ts";
import { asSent, incomparableColumns, isRuleOf, type Redaction, redactionOf } from "../rules/redacted-columns.ts";
import { baselineOwner } from "./owner.ts";
import { type Baseline, findBaseline, type Owner } from "./rows.ts";

export interface OwnedBaseline extends Baseline {
  owner: Owner;
  /** How its rows were written. */
  writtenAs: readonly Redaction[];
  /** Columns that are not compared and not in its profile: it holds other values of them than the rows it is compared with. */
  redacted: string[];
}

/**
 * The baselines that hold for a service as it is now, or for one of its revisions, to be compared with rows that were written in these ways: as those
 * of that revision are when none is given.
 */
export async function findBaselinesOf(
  db: Db,
  service: string,
  revision: number | undefined,
  compared: readonly Redaction[] = [],
): Promise<Record<Side, OwnedBaseline | undefined>> {
  const models = (await findMonitored(db, service, revision))?.models ?? [];
  const redactions = compared.length > 0 ? compared : [await redactionOf(db, service, revision)];
  const find = async (side: Side) => {
    const found = await baselineOwner(db, service, models, side);
    const baseline = found && (await findBaseline(db, found.owner, side));
    if (baseline === undefined || found === undefined) return undefined;
    const writtenAs = await writtenWays(db, service, baseline);
    return comparable({ ...baseline, owner: found.owner, writtenAs }, redactions);
  };
  return { inputs: await find("inputs"), predictions: await find("predictions") };
}

/** A window of the past was redacted as the revisions with rows in it were: unknown, and taken to be as now, when its profiles are gone. */
async function writtenWays(db: Db, service: string, { source }: Baseline): Promise<Redaction[]> {
  if (source.kind === "file") return [asSent];
  const stored = await selectWindows(db, { service, from: source.since, to: source.until });
  const revisions = new Set(stored.map(({ revision }) => revision));
  return Promise.all([...revisions].map((revision) => redactionOf(db, service, revision)));
}

function comparable(baseline: Omit<OwnedBaseline, "redacted">, redactions: readonly Redaction[]): OwnedBaseline {
  const { profile } = baseline;
  const redacted = redactedFor(baseline, redactions);
  const columns = withoutRedacted(profile.columns, redacted);
  return { ...baseline, redacted, profile: { ...profile, columns } };
}

/** The columns in which rows that were written in these ways cannot be compared with a baseline. */
export const redactedFor = ({ writtenAs }: Pick<OwnedBaseline, "writtenAs">, redactions: readonly Redaction[]) =>
  incomparableColumns([...writtenAs, ...redactions]);

export const withoutRedacted = <Profile>(
  columns: ReadonlyMap<string, Profile>,
  redacted: readonly string[],
): Map<string, Profile> => new Map([...columns].filter(([name]) => !redacted.some((rule) => isRuleOf(rule, name))));

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
