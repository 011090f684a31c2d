import { Box, useComputedColorScheme } from "@mantine/core";
import { useEffect, useRef } from "react";
import uPlot from "uplot";

export interface Series {
  label: string;
  /** One value for each time; null leaves a gap. */
  values: readonly (number | null)[];
  /** Drawn as a dashed line with the room below it filled, such as what is to be expected. */
  area?: boolean;
}

const colors = {
  light: ["#0b7285", "#c2255c", "#5f3dc4", "#2b8a3e", "#d9480f", "#1864ab"],
  dark: ["#3bc9db", "#f783ac", "#9775fa", "#69db7c", "#ffa94d", "#74c0fc"],
};

const minuteMs = 60_000;
const hourMs = 60 * minuteMs;
const dayMs = 24 * hourMs;
const date = "\n{D} {MMM}";
const fullDate = `${date} {YYYY}`;

/** How moments are said below a line, by the distance of two of them; the date stands where a day begins. Format: uPlot's Axis.Values. */
const momentTexts: uPlot.Axis.Values = [
  [365 * dayMs, "{YYYY}", null, null, null, null, null, null, 1],
  [28 * dayMs, "{MMM}", "\n{YYYY}", null, null, null, null, null, 1],
  [dayMs, "{D} {MMM}", "\n{YYYY}", null, null, null, null, null, 1],
  [hourMs, "{HH}:{mm}", fullDate, null, date, null, null, null, 1],
  [minuteMs, "{HH}:{mm}", fullDate, null, date, null, null, null, 1],
  [1_000, ":{ss}", `${fullDate} {HH}:{mm}`, null, `${date} {HH}:{mm}`, null, "\n{HH}:{mm}", null, 1],
  [1, ":{ss}.{fff}", `${fullDate} {HH}:{mm}`, null, `${date} {HH}:{mm}`, null, "\n{HH}:{mm}", null, 1],
];

/** Values between two gaps make no line: they are drawn as points. */
function lonePoints({ data }: uPlot, series: number, allShown: boolean): number[] | null {
  if (allShown) return null;
  const values = data[series] ?? [];
  return [...values.keys()].filter(
    (place) => values[place] != null && values[place - 1] == null && values[place + 1] == null,
  );
}

/** Room above the greatest value, and none below 0. */
const zeroToTop = (low: number, high: number): [number, number] => [Math.min(0, low), high <= 0 ? 1 : high * 1.1];

/**
 * Values over time as lines. `times` are milliseconds; `format` says a value with its unit. `summary` is what a reader who
 * cannot see the lines is told. `band` fills the room between two series, given by their places. `fromZero` has the values' axis begin at 0.
 */
export function Chart({
  times,
  series,
  format,
  summary,
  band,
  fromZero = false,
  height = 220,
}: {
  times: readonly number[];
  series: readonly Series[];
  format: (value: number) => string;
  summary: string;
  band?: readonly [upper: number, lower: number];
  fromZero?: boolean;
  height?: number;
}) {
  const place = useRef<HTMLDivElement>(null);
  const scheme = useComputedColorScheme("light");
  useEffect(() => {
    const element = place.current;
    if (element === null) return;
    const palette = colors[scheme];
    const ink = scheme === "dark" ? "#c9c9c9" : "#495057";
    const grid = { stroke: scheme === "dark" ? "#3b3b3b" : "#e9ecef", width: 1 };
    const plot = new uPlot(
      {
        width: element.clientWidth,
        height,
        ms: 1,
        padding: [8, 20, 0, 0],
        ...(fromZero ? { scales: { y: { range: (_, low, high) => zeroToTop(low, high) } } } : {}),
        cursor: { points: { size: 6 } },
        axes: [
          { stroke: ink, grid, ticks: grid, values: momentTexts },
          { stroke: ink, grid, ticks: grid, size: 64, values: (_, splits) => splits.map((value) => format(value)) },
        ],
        series: [
          { label: "Time", value: "{YYYY}-{MM}-{DD} {HH}:{mm}" },
          ...series.map(({ label, area = false }, index) => ({
            label,
            ...(area ? { dash: [4, 4], fill: `${palette[index % palette.length]}22` } : {}),
            stroke: palette[index % palette.length] ?? ink,
            width: 1.5,
            points: { show: times.length < 60, filter: lonePoints },
            value: (_: uPlot, value: number | null) => (value === null ? "–" : format(value)),
          })),
        ],
        ...(band === undefined
          ? {}
          : { bands: [{ series: [band[0] + 1, band[1] + 1] as uPlot.Band.Bounds, fill: `${palette[0]}22` }] }),
      },
      [times as number[], ...series.map(({ values }) => values as (number | null)[])],
      element,
    );
    const observer = new ResizeObserver(() => plot.setSize({ width: element.clientWidth, height }));
    observer.observe(element);
    return () => {
      observer.disconnect();
      plot.destroy();
    };
  }, [times, series, band, format, fromZero, height, scheme]);
  return <Box ref={place} role="img" aria-label={summary} mih={height} />;
}
