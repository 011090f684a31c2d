import { ModelyardError } from "../contract/errors.ts";
import type { RecordingRule } from "../contract/host.ts";
import type { Manifest } from "../contract/image.ts";
import type { ModelSignature } from "../contract/model.ts";
import { readAlsoRule, readFieldRule } from "../contract/record-rules.ts";
import type { Settings } from "../contract/settings.ts";
import type { Db } from "../kernel/db.ts";
import { mustFindVersion } from "../register/get-model.ts";

/** Bytes kept of each body and of each answer. */
const mostBytes = 64 * 1024;

/** The share of requests that a `record` setting keeps. */
const rateOf = (record: string): number =>
  record === "all" ? 1 : record === "off" ? 0 : Number(record.slice("sample:".length));

export interface ColumnRule {
  column: string;
  rule: string;
  /** `signature`: it is marked there as personal data, and no rule of the service says otherwise. */
  from: "service" | "signature";
}

/** How columns are written, by name; `pii` are the columns that signatures mark. */
export function columnRules({ recordFields }: Pick<Settings, "recordFields">, pii: readonly string[]): ColumnRule[] {
  const given = Object.entries(recordFields).map(([column, rule]): ColumnRule => ({ column, rule, from: "service" }));
  const marked = pii.filter((column) => !Object.hasOwn(recordFields, column));
  const all = [...given, ...marked.map((column): ColumnRule => ({ column, rule: "drop", from: "signature" }))];
  return all.sort((a, b) => (a.column < b.column ? -1 : 1));
}

/** What the host keeps of a service with these settings, whose images have these manifests. */
export function recordingRule(settings: Settings, manifests: readonly Pick<Manifest, "pii">[]): RecordingRule {
  const pii = [...new Set(manifests.flatMap((manifest) => manifest.pii ?? []))];
  const also = settings.recordAlso.flatMap((text) => readAlsoRule(text) ?? []);
  const fields = columnRules(settings, pii).flatMap(({ column, rule }) => {
    const read = readFieldRule(rule);
    return read === undefined || read.kind === "keep" ? [] : [[column, read] as const];
  });
  return {
    rate: rateOf(settings.record),
    maxBytes: mostBytes,
    ...(also.length === 0 ? {} : { also }),
    ...(fields.length === 0 ? {} : { fields: Object.fromEntries(fields) }),
  };
}

/** Columns of answers as they are called where the model gives them no names (src/records/decode-record.ts). */
const answerColumn = /^(prediction|score)(\.|$)/;

/**
 * Refuses scores below more than 1, which all are; and rules for columns that cannot come, where the image knows which do: that of a
 * model without a script. Error: invalid-input, naming every such rule.
 */
export async function checkRecordRules(
  db: Db,
  { manifest, input }: { manifest: Manifest; input: { models: string[] } },
  { recordFields, recordAlso }: Settings,
): Promise<void> {
  refuseAnyScore(recordAlso);
  const known = knownInputs(manifest);
  if (known === null) return;
  const outputs = await outputNames(db, manifest);
  const also = recordAlso.map(readAlsoRule);
  const named = also.flatMap((rule) => (rule?.kind === "low-confidence" && rule.column !== null ? [rule.column] : []));
  const isOutput = (column: string) => answerColumn.test(column) || outputs.includes(column);
  const problems = [
    ...Object.keys(recordFields)
      .filter((column) => !known.includes(column) && !isOutput(column))
      .map((column) => `recordFields: there is no column ${column}; ${input.models.join(", ")} takes ${listed(known)}`),
    ...named
      .filter((column) => !isOutput(column))
      .map((column) => `recordAlso: ${input.models.join(", ")} answers no column ${column}`),
  ];
  if (problems.length > 0) throw new ModelyardError("invalid-input", { problems });
}

/** Not in the form of the setting: what was kept before this was refused must stay readable. */
function refuseAnyScore(recordAlso: readonly string[]): void {
  const isAny = (text: string) => {
    const rule = readAlsoRule(text);
    return rule?.kind === "low-confidence" && rule.column === null && rule.below > 1;
  };
  const problems = recordAlso
    .filter(isAny)
    .map(
      (text) => `recordAlso: ${text} takes every answer, as scores are at most 1; of another column: ${text}:column`,
    );
  if (problems.length > 0) throw new ModelyardError("invalid-input", { problems });
}

/** The columns of requests, by the names that records have; null when any may come. */
export function knownInputs({ script, upstream, signature: { input } }: Manifest): string[] | null {
  if (script !== null || upstream !== undefined || input.kind !== "rows") return null;
  if (input.names !== null) return input.names;
  return input.columns === null ? null : Array.from({ length: input.columns }, (_, place) => `x${place}`);
}

async function outputNames(db: Db, { models }: Manifest): Promise<string[]> {
  const signatures: (ModelSignature | null)[] = await Promise.all(
    models.map(async ({ name, version }) => (await mustFindVersion(db, { name, version })).signature),
  );
  return signatures.flatMap((signature) => (signature?.outputs ?? []).flatMap(({ name }) => name ?? []));
}

/** The first of them, for a message. */
export const listed = (names: readonly string[]): string =>
  names.length > 20 ? `${names.slice(0, 20).join(", ")}, …` : names.join(", ");
