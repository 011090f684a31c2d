/** Levels of members in members; the deepest input of an operation has a handful. */
const deepest = 64;

const isStorable = (text: string): boolean => !text.includes("\0") && !/\p{Surrogate}/u.test(text);

/**
 * What no operation can take of a parsed JSON value, whatever its schema: texts and names that no database keeps as they are (a
 * NUL character, where SQLite ends a text; half a surrogate pair, which has no UTF-8) and values nested without end. Gives the
 * place with what is wrong there, or undefined.
 */
export function unfitJson(value: unknown, place = "", depth = 0): string | undefined {
  if (typeof value === "string" && !isStorable(value)) return `${place}: ${unstorable}`;
  if (typeof value !== "object" || value === null) return undefined;
  if (depth > deepest) return `${place.split(".", 3).join(".")}…: is nested more than ${deepest} levels deep`;
  for (const [name, member] of Object.entries(value)) {
    if (!isStorable(name)) return `a name in ${place || "the body"}: ${unstorable}`;
    const found = unfitJson(member, place === "" ? name : `${place}.${name}`, depth + 1);
    if (found !== undefined) return found;
  }
  return undefined;
}

const unstorable = "holds a NUL character or half a character, which cannot be kept";
