/** Keys of the grammar that `model names --filter` takes, up to what follows them in a comparison. */
const comparison =
  /^\s*(?:not\s+|\()*(?:name|description|created_by|created_at|updated_at|alias|live|live_on|text|tags?\s*\.\s*(?:`[^`]*`|"[^"]*"|[^\s=!<>~]+))\s*(?:=|!=|<>|<=|>=|<|>|~|like\b|ilike\b|in\b|not\s+in\b)/i;

/**
 * The filter that a search text means. A text that begins as a filter is taken as it is; of anything else, each word has to stand
 * somewhere in the name. Undefined for an empty text.
 */
export function filterOf(text: string): string | undefined {
  if (comparison.test(text)) return text.trim();
  const words = text.trim().split(/\s+/).filter(Boolean);
  return words.length === 0 ? undefined : words.map((word) => `name ILIKE ${quoted(`%${word}%`)}`).join(" AND ");
}

/** A text as a filter takes it: a quote in it is doubled. */
export const quoted = (text: string): string => `'${text.replaceAll("'", "''")}'`;
