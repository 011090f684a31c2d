/** First line of every generated page. */
const generated = "<!-- Made by `npm run gen` from src/contract. Do not edit. -->";

/** Text that stands in one cell of a table. */
const cell = (text) => String(text).replaceAll("|", "\\|").replaceAll("\n", " ");

/** A table; rows are lists of texts. */
export const table = (heads, rows) =>
  [heads, heads.map(() => "---"), ...rows].map((row) => `| ${row.map(cell).join(" | ")} |`).join("\n");

export const page = (...blocks) => `${[generated, ...blocks].join("\n\n")}\n`;
