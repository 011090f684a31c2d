import { ModelyardError } from "../../../contract/errors.ts";

/** `metrics.accuracy` has the prefix `metrics`; `status` has none. */
export interface Key {
  prefix: string | null;
  name: string;
}

const word = '[^\\s.`"]+';
const orderPattern = new RegExp(
  `^\\s*(?:(${word})\\.)?(\`[^\`]+\`|"[^"]+"|${word}(?:\\.${word})*)(?:\\s+(ASC|DESC))?\\s*$`,
  "i",
);

/** `KEY`, `KEY ASC` or `KEY DESC`; a key with other than word characters stands in backticks or quotes. */
export function parseOrder(text: string): { key: Key; descending: boolean } {
  const [, prefix, name, direction] = orderPattern.exec(text) ?? [];
  if (name === undefined) throw new ModelyardError("invalid-input", { problems: `Invalid order_by clause '${text}'` });
  return {
    key: { prefix: prefix?.toLowerCase() ?? null, name: /^[`"]/.test(name) ? name.slice(1, -1) : name },
    descending: direction?.toUpperCase() === "DESC",
  };
}
