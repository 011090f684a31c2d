export { msText, sizeText } from "../../../client/report/text.ts";

/** Columns aligned to their widest cell, two spaces between; no column is cut. */
export function table(head: readonly string[], rows: readonly (readonly (string | number | null)[])[]): string {
  const cells = [head, ...rows.map((row) => row.map((cell) => visible(String(cell ?? "-")).replace(/\n/g, " ")))];
  const widths = head.map((_, column) => Math.max(...cells.map((row) => [...(row[column] ?? "")].length)));
  const line = (row: readonly string[]) =>
    row
      .map((cell, column) => cell + " ".repeat((widths[column] ?? 0) - [...cell].length))
      .join("  ")
      .trimEnd();
  return cells.map(line).join("\n");
}

/** Names and values, one a line; what has no value is left out. */
export function fields(pairs: readonly (readonly [string, string | number | null | undefined])[]): string {
  const shown = pairs.filter(([, value]) => value !== null && value !== undefined && value !== "");
  const width = Math.max(...shown.map(([name]) => name.length));
  return shown.map(([name, value]) => `${name.padEnd(width)}  ${visible(String(value))}`).join("\n");
}

/** Texts of others may hold what steers a terminal or turns the direction of writing: it is shown as a sign. Lines stay lines. */
const visible = (text: string): string => text.replace(/(?!\n)[\p{Cc}\u202a-\u202e\u2066-\u2069]/gu, "\ufffd");

/** Key=value pairs in one line. */
export const pairsText = (pairs: Record<string, string | number | undefined>): string =>
  Object.entries(pairs)
    .filter(([, value]) => value !== undefined)
    .map(([key, value]) => `${key}=${value}`)
    .join(" ");

/** A time as local ISO with its distance from now: `2025-11-24 17:00:00 (3 minutes ago)`. */
export function timeText(at: number | null, now: number): string {
  if (at === null) return "-";
  const date = new Date(at);
  const two = (value: number) => String(value).padStart(2, "0");
  const day = `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`;
  return `${day} ${two(date.getHours())}:${two(date.getMinutes())}:${two(date.getSeconds())} (${distance(at - now)})`;
}

const units = [
  ["day", 86_400_000],
  ["hour", 3_600_000],
  ["minute", 60_000],
  ["second", 1000],
] as const;

/** In the nearest number of the largest unit that it comes to: a second before the full hour is an hour, not 60 minutes. */
function distance(ms: number): string {
  const fitting = units.find(([, unitMs], i) => {
    const finer = units[i + 1]?.[1] ?? unitMs;
    return Math.round(Math.abs(ms) / finer) * finer >= unitMs;
  });
  if (fitting === undefined) return "now";
  const [unit, size] = fitting;
  const count = Math.round(Math.abs(ms) / size);
  const text = `${count} ${unit}${count === 1 ? "" : "s"}`;
  return ms < 0 ? `${text} ago` : `in ${text}`;
}

/** A digest as people compare it. */
export const shortDigest = (digest: string): string => digest.slice(0, 12);
