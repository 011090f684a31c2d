/** HTML that was made here, as against text of others. */
export interface Markup {
  readonly markup: string;
}

type Part = string | number | Markup | readonly Markup[] | null;

/** Whatever stands in `${}` is text and is escaped, in content and in attributes alike; only Markup goes in as it is. */
export function html(texts: TemplateStringsArray, ...parts: Part[]): Markup {
  return { markup: texts.map((text, index) => (index === 0 ? text : `${partText(parts[index - 1])}${text}`)).join("") };
}

function partText(part: Part | undefined): string {
  if (part === null || part === undefined) return "";
  if (Array.isArray(part)) return part.map(({ markup }: Markup) => markup).join("");
  return typeof part === "object" ? (part as Markup).markup : escapeText(String(part));
}

const entities: Record<string, string> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&#39;" };

/** Also shows what would steer a terminal or turn the direction of writing. */
const escapeText = (text: string): string =>
  text.replace(/[&<>"']/g, (sign) => entities[sign] ?? "").replace(/[\p{Cc}\u202a-\u202e\u2066-\u2069]/gu, "\ufffd");
