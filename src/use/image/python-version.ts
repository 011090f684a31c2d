/** The numbers a version starts with: "1.4.1.post1" gives [1, 4, 1]. */
function release(version: string): number[] {
  const match = /^v?(?:\d+!)?(\d+(?:\.\d+)*)/i.exec(version.trim());
  return (match?.[1] ?? "0").split(".").map(Number);
}

/**
 * Orders two versions by their release numbers, missing ones counting as 0: negative, 0 or positive.
 * Pre- and post-release marks are left aside: enough for Python versions and for the rules of this folder.
 */
export function compareVersions(a: string, b: string): number {
  const left = release(a);
  const right = release(b);
  for (let i = 0; i < Math.max(left.length, right.length); i++) {
    const difference = (left[i] ?? 0) - (right[i] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}

function hasPrefix(version: string, prefix: string): boolean {
  const numbers = release(version);
  return release(prefix).every((number, i) => numbers[i] === number);
}

const clausePattern = /^(~=|==|!=|<=|>=|<|>)\s*(\d+(?:\.\d+)*)(\.\*)?$/;

function clauseHolds(version: string, clause: string): boolean {
  const [, operator = "", number = "", wildcard] = clausePattern.exec(clause.trim()) ?? [];
  const order = compareVersions(version, number);
  switch (operator) {
    case "==":
      return wildcard ? hasPrefix(version, number) : order === 0;
    case "!=":
      return wildcard ? !hasPrefix(version, number) : order !== 0;
    case "~=":
      return order >= 0 && hasPrefix(version, release(number).slice(0, -1).join("."));
    case "<=":
      return order <= 0;
    case ">=":
      return order >= 0;
    case "<":
      return order < 0;
    case ">":
      return order > 0;
    default:
      return false;
  }
}

/** True for a version such as "3", "3.9" or "3.9.18"; false for a range such as ">=3.6,<3.9". */
export function isPlainVersion(wanted: string): boolean {
  return /^\d+(\.\d+){0,2}$/.test(wanted);
}

/** True when `version` ("3.9.18") is meant by `wanted`: "3.9", "3.9.18", or clauses as in PEP 440 (">=3.6,<3.9"). */
export function satisfies(version: string, wanted: string): boolean {
  if (isPlainVersion(wanted)) return hasPrefix(version, wanted);
  return wanted
    .split(",")
    .filter((clause) => clause.trim() !== "")
    .every((clause) => clauseHolds(version, clause));
}

function normal(version: string): string {
  return version
    .trim()
    .toLowerCase()
    .replace(/^v/, "")
    .replace(/\+.*$/, "")
    .replace(/^(\d+(?:\.\d+)*?)(?:\.0+)+(?=$|[^\d.]|\.\D)/, "$1");
}

/** True when two texts name one release: "1.0" and "1.0.0" (PEP 440); `pinned` may end in `.*`. */
export function sameVersion(pinned: string, listed: string): boolean {
  if (pinned.endsWith(".*")) return hasPrefix(listed, pinned.slice(0, -2));
  return normal(pinned) === normal(listed);
}
