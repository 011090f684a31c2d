/** Gauges that say the same in every front. */
const alike = new Set(["modelyard_traffic_share_percent", "process_start_time_seconds"]);

/**
 * Texts as Prometheus reads them as one: samples with the same name and labels are added up. As host-metrics.ts writes them: families with HELP and
 * TYPE, values without a time.
 */
export function mergeMetrics(texts: readonly string[]): string {
  const families = new Map<string, { head: string[]; samples: Map<string, number> }>();
  for (const text of texts) {
    let family = { head: [] as string[], samples: new Map<string, number>() };
    let name = "";
    for (const line of text.split("\n")) {
      if (line.startsWith("# HELP ")) {
        name = line.split(" ", 3)[2] ?? "";
        family = families.get(name) ?? { head: [line], samples: new Map() };
        families.set(name, family);
      } else if (line.startsWith("#")) {
        if (family.head.length === 1) family.head.push(line);
      } else if (line !== "") {
        const cut = line.lastIndexOf(" ");
        const series = line.slice(0, cut);
        const value = Number(line.slice(cut + 1));
        const before = family.samples.get(series);
        family.samples.set(
          series,
          before === undefined ? value : alike.has(name) ? Math.max(before, value) : before + value,
        );
      }
    }
  }
  return [...families.values()]
    .map(({ head, samples }) =>
      [...head, ...[...samples].map(([series, value]) => `${series} ${value}`), ""].join("\n"),
    )
    .join("");
}
