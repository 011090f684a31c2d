import { Text } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { type AnswerOf, ask } from "../../api.ts";
import { unknownText } from "../../ui/unknown-text.ts";
import { metricText } from "./metric.ts";

type Metric = AnswerOf<"showQuality">["items"][number]["measured"]["metrics"][number];

/** How good a service's predictions were by its labels. Records are read for it, so it is asked only where there are labels. */
export function QualityCell({ service }: { service: string }) {
  const labels = useQuery({ ...ask("listLabels", { service, pageSize: 1 }), staleTime: 60_000 });
  const isLabelled = labels.data !== undefined && labels.data.items.length > 0;
  const quality = useQuery({
    ...ask("showQuality", { service, since: "7d" }),
    enabled: isLabelled,
    staleTime: 300_000,
  });
  return (
    <Text component="span" size="sm" {...(mainMetric(quality.data) === undefined ? { c: "dimmed" } : {})}>
      {labels.data === undefined || (isLabelled && quality.isPending)
        ? unknownText(labels.error)
        : isLabelled
          ? textOf(quality.data)
          : "no labels"}
    </Text>
  );
}

/** The first metric that could be told: the one people ask for first. */
const mainMetric = (quality: AnswerOf<"showQuality"> | undefined): Metric | undefined =>
  quality?.items[0]?.measured.metrics.find(({ value }) => value !== null);

function textOf(quality: AnswerOf<"showQuality"> | undefined): string {
  const metric = mainMetric(quality);
  if (metric !== undefined) return `${metric.name} ${metricText(metric.value)}`;
  return quality === undefined ? "not known" : "not enough labels";
}
