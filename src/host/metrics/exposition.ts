import type { Histogram } from "./histogram.ts";

export type Labels = Record<string, string | number>;
export type Sample = { labels: Labels; value: number } | { labels: Labels; histogram: Histogram };
/** One metric with all its samples. */
export interface Family {
  name: string;
  help: string;
  type: "counter" | "gauge" | "histogram";
  samples: readonly Sample[];
}

/**
 * Metrics as Prometheus reads them. Families without a sample are left out.
 * https://prometheus.io/docs/instrumenting/exposition_formats/#text-format-details
 */
export function exposition(families: readonly Family[]): string {
  return families
    .filter(({ samples }) => samples.length > 0)
    .map(({ name, help, type, samples }) => {
      const lines = samples.flatMap((sample) =>
        "histogram" in sample ? histogramLines(name, sample) : [line(name, sample.labels, sample.value)],
      );
      return [`# HELP ${name} ${escapeHelp(help)}`, `# TYPE ${name} ${type}`, ...lines, ""].join("\n");
    })
    .join("");
}

/** Buckets add up: each counts all values up to its bound. */
function histogramLines(name: string, { labels, histogram }: { labels: Labels; histogram: Histogram }): string[] {
  let total = 0;
  const buckets = histogram.counts.map((count, place) => {
    total += count;
    return line(`${name}_bucket`, { ...labels, le: histogram.bounds[place] ?? "+Inf" }, total);
  });
  return [...buckets, line(`${name}_sum`, labels, histogram.sum), line(`${name}_count`, labels, total)];
}

function line(name: string, labels: Labels, value: number): string {
  const pairs = Object.entries(labels).map(([label, text]) => `${label}="${escapeLabel(String(text))}"`);
  return `${name}${pairs.length === 0 ? "" : `{${pairs.join(",")}}`} ${value}`;
}

const escapeHelp = (text: string): string => text.replace(/\\/g, "\\\\").replace(/\n/g, "\\n");
const escapeLabel = (text: string): string => escapeHelp(text).replace(/"/g, '\\"');
