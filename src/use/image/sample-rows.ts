/** Rows in a sample request of any language that is served: lists of values of one width; none in anything else. */
export function rowsOfSample(sample: string | null): unknown[][] {
  if (sample === null) return [];
  let body: unknown;
  try {
    body = JSON.parse(sample);
  } catch {
    return [];
  }
  const { data, dataframe_split: split, inputs, instances } = (body ?? {}) as Record<string, unknown>;
  const rows = data ?? (split as { data?: unknown } | undefined)?.data ?? inputs ?? instances;
  if (!Array.isArray(rows)) return [];
  const lists = rows.filter((row): row is unknown[] => Array.isArray(row) && row.every(isPlain));
  return lists.filter((row) => row.length === lists[0]?.length).slice(0, 10_000);
}

const isPlain = (value: unknown): boolean => value === null || ["number", "string", "boolean"].includes(typeof value);
