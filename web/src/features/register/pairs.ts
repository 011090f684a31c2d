type Pairs = Readonly<Record<string, string>>;

/** What has to be set and removed to make one of the other; an entry without a key is none. */
export function changesOfPairs(before: Pairs, after: Pairs): { tags: Record<string, string>; removeTags: string[] } {
  const wanted = Object.entries(after).filter(([key]) => key !== "");
  return {
    tags: Object.fromEntries(wanted.filter(([key, value]) => before[key] !== value)),
    removeTags: Object.keys(before).filter((key) => !Object.hasOwn(after, key)),
  };
}
