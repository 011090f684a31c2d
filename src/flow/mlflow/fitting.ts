/** What the registry takes: letters of a key, of a value, of a description. MLflow takes more. */
const keyLimit = 250;
const valueLimit = 5000;
const textLimit = 20_000;

/** A text that fits a description; what is cut is noted. Null for none. */
export function fittingText(text: string | null | undefined, what: string, notes: string[]): string | null {
  if (!text) return null;
  if (text.length > textLimit) notes.push(`${what} was cut to ${textLimit} of ${text.length} letters`);
  return text.slice(0, textLimit);
}

/** The tags that fit; what is cut or left out is noted. */
export function fittingTags(tags: Record<string, string>, owner: string, notes: string[]): Record<string, string> {
  const fitting: [string, string][] = [];
  for (const [key, value] of Object.entries(tags)) {
    if (key === "" || key.length > keyLimit) {
      notes.push(`a tag of ${owner} was left out: its key has ${key.length} letters`);
      continue;
    }
    if (value.length > valueLimit)
      notes.push(`the tag ${key} of ${owner} was cut to ${valueLimit} of ${value.length} letters`);
    fitting.push([key, value.slice(0, valueLimit)]);
  }
  return Object.fromEntries(fitting);
}
