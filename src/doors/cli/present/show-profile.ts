import type { ProfileColumn } from "../../../contract/drift.ts";
import type { Presenter } from "./presenter.ts";
import { table } from "./text.ts";

export const showProfile: Presenter<"showProfile"> = ({ service, rows, columns }) => {
  if (columns.length === 0)
    return {
      talk: `No rows in this time. Send requests, or look further back: modelyard profile show ${service} --since 30d`,
    };
  const of = (side: ProfileColumn["side"]) => columns.filter((column) => column.side === side);
  const texts = (["inputs", "predictions"] as const).flatMap((side) =>
    of(side).length === 0 ? [] : [`${side.toUpperCase()}\n${profileTable(of(side))}`],
  );
  return {
    data: [`Service ${service}: ${rows} rows`, ...texts].join("\n\n"),
    talk: `Compared with its baseline: modelyard drift show ${service}`,
  };
};

const head = [
  "COLUMN",
  "VALUES",
  "MISSING",
  "MEAN",
  "DEVIATION",
  "MIN",
  "P25",
  "P50",
  "P75",
  "MAX",
  "DISTINCT",
  "MOST FREQUENT",
];

const profileTable = (columns: readonly ProfileColumn[]) =>
  table(
    head,
    columns.map(({ column, rows, missing, infinite, mean, deviation, min, max, quantiles, distinct, top }) => [
      column,
      rows - missing - infinite,
      missing,
      ...[mean, deviation, min, quantiles?.p25 ?? null, quantiles?.p50 ?? null, quantiles?.p75 ?? null, max].map(
        shortNumber,
      ),
      distinct,
      top
        .slice(0, 4)
        .map(({ value, share }) => `${value.slice(0, 30)} ${(100 * share).toFixed(0)} %`)
        .join(", "),
    ]),
  );

const shortNumber = (value: number | null): string | null =>
  value === null ? null : String(Number(value.toPrecision(4)));
