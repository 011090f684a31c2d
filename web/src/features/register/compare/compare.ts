export type Standing = "same" | "changed" | "only a" | "only b";
export interface Row {
  name: string;
  a: string | undefined;
  b: string | undefined;
  standing: Standing;
  /** Of numbers: b less a. */
  difference?: number;
}

/** Named values of two sides beside each other: what only a has, then what only b has, each in its own order. */
export function compareValues(
  a: Readonly<Record<string, string | number>>,
  b: Readonly<Record<string, string | number>>,
): Row[] {
  return [...new Set([...Object.keys(a), ...Object.keys(b)])].map((name) => {
    const left = Object.hasOwn(a, name) ? a[name] : undefined;
    const right = Object.hasOwn(b, name) ? b[name] : undefined;
    const numbers = typeof left === "number" && typeof right === "number" ? { difference: right - left } : {};
    return { name, a: textOf(left), b: textOf(right), standing: standingOf(left, right), ...numbers };
  });
}

const textOf = (value: string | number | undefined): string | undefined =>
  value === undefined ? undefined : String(value);

function standingOf(a: unknown, b: unknown): Standing {
  if (a === b) return "same";
  if (b === undefined) return "only a";
  return a === undefined ? "only b" : "changed";
}

/** What members of versions are compared. */
export interface Compared {
  framework: string | null;
  frameworkVersion: string | null;
  /** Bytes. */
  size: number;
  digest: string;
  stage: string;
  aliases: readonly string[];
  reading: { rootClass: string | null } | null;
  lineage: {
    dataset?: string | undefined;
    trainingData?: string | undefined;
    parent?: string | undefined;
    runId?: string | undefined;
    gitRemote?: string | undefined;
    gitCommit?: string | undefined;
  };
  source: string | null;
  files: readonly { path: string; digest: string; size: number }[];
  signature: {
    inputs: readonly Field[];
    outputs: readonly Field[] | null;
    params?: readonly Param[] | undefined;
  } | null;
}
interface Param {
  name: string;
  type: string;
  shape: Field["shape"];
  default?: unknown;
}
interface Field {
  name: string | null;
  type: string;
  shape: readonly (number | null)[] | null;
  pii?: boolean | undefined;
}

/** What a version is and where it comes from, by the names people read; what is not known is left out. */
export function factsOf(version: Compared, sizeText: (bytes: number) => string): Record<string, string> {
  const { lineage } = version;
  const facts: Record<string, string | null | undefined> = {
    Framework: [version.framework, version.frameworkVersion].filter(Boolean).join(" "),
    Class: version.reading?.rootClass,
    Size: sizeText(version.size),
    Digest: version.digest,
    Stage: version.stage,
    Aliases: version.aliases.join(", "),
    "Data set": lineage.dataset,
    "Training data": lineage.trainingData,
    "Trained from": lineage.parent,
    Run: lineage.runId,
    Code: lineage.gitRemote,
    Commit: lineage.gitCommit,
    Source: version.source,
  };
  return Object.fromEntries(
    Object.entries(facts).filter((entry): entry is [string, string] => entry[1] != null && entry[1] !== ""),
  );
}

/** Files by path; two of one path are the same when their bytes are. */
export const filesOf = ({ files }: Compared): Record<string, string> =>
  Object.fromEntries(files.map(({ path, digest }) => [path, digest]));

/** The fields of a signature by side and name, those without a name by their place, and what requests may set, with its default. */
export function fieldsOf(
  { signature }: Compared,
  shapeText: (shape: Field["shape"]) => string,
): Record<string, string> {
  const listed = (side: string, fields: readonly Field[] | null) =>
    (fields ?? []).map(({ name, type, shape, pii }, place): [string, string] => [
      `${side} ${name ?? `(${place + 1})`}`,
      [type, shape === null ? "" : shapeText(shape), pii === true ? "personal data" : ""].filter(Boolean).join(", "),
    ]);
  return Object.fromEntries([
    ...listed("input", signature?.inputs ?? []),
    ...listed("output", signature?.outputs ?? []),
    ...(signature?.params ?? []).map(({ name, type, shape, default: value }): [string, string] => [
      `parameter ${name}`,
      [type, shape === null ? "" : shapeText(shape), `default ${JSON.stringify(value)}`].filter(Boolean).join(", "),
    ]),
  ]);
}

/** How much a number is more or less, with its sign, and as a share where it began from something. */
export function differenceText({ a, difference }: Row): string {
  if (difference === undefined) return "–";
  if (difference === 0) return "0";
  const sign = difference > 0 ? "+" : "−";
  const size = Number(Math.abs(difference).toPrecision(4));
  const from = Math.abs(Number(a));
  const share = from === 0 ? "" : ` (${sign}${Number(((100 * Math.abs(difference)) / from).toPrecision(3))} %)`;
  return `${sign}${size}${share}`;
}
