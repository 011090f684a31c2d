export interface Finding {
  path: string;
  reason: string;
}

const isFinding = (value: unknown): value is Finding =>
  typeof value === "object" && value !== null && "path" in value && "reason" in value;

/** What was found dangerous in the files of a version and taken all the same, as its history keeps it. */
export const findingsOf = (history: readonly { detail: Record<string, unknown> }[]): Finding[] =>
  history.flatMap(({ detail }) => (Array.isArray(detail.unsafe) ? detail.unsafe.filter(isFinding) : []));
