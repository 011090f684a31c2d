import type { Measured, Report } from "../../contract/alerts.ts";

// How a report says values, as a page and in a terminal.

/** Bytes in decimal units. */
export function sizeText(bytes: number): string {
  if (bytes < 1000) return `${bytes} B`;
  const power = Math.min(4, Math.floor(Math.log10(bytes) / 3));
  return `${(bytes / 1000 ** power).toFixed(1)} ${["B", "kB", "MB", "GB", "TB"][power]}`;
}

export const msText = (ms: number | null): string => (ms === null ? "-" : `${ms.toFixed(1)} ms`);

/** What the signals of an alert showed. */
export const measuredText = (measured: readonly Measured[]): string =>
  measured.map(({ signal, text }) => `${signal} ${text}`).join(", ");

/** What answers, or why nothing does: a service that was deleted has no revision. */
export function stateText({ running, revision }: Pick<Report, "running" | "revision">): string {
  if (running) return `revision ${revision ?? "-"}`;
  return revision === null ? "deleted" : "stopped";
}
