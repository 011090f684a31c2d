import type { LabelValue } from "../../contract/labels.ts";
import type { Table, Value } from "../../records/table.ts";

/** What a row of predictions says: a value, the probability of each class, or both. */
export interface Prediction {
  value: LabelValue;
  /** By the text of the class. */
  scores: ReadonlyMap<string, number> | null;
}

const scorePrefix = "score.";

/** The text that stands for a class, so that the label 7 of a CSV file is the 7 that a model answered. */
export const classOf = (value: LabelValue): string => String(value);

/** How the rows of a table say what was predicted; a text says why they do not. `classes` names scores that have numbers alone. */
export function predictionReader(
  { columns }: Pick<Table, "columns">,
  wanted: string | undefined,
  classes: readonly string[] | null,
): ((row: readonly Value[]) => Prediction | null) | string {
  const scoreColumns = scoreColumnsOf(columns);
  const names = scoreColumns.map((place) => columns[place]?.slice(scorePrefix.length) ?? "");
  const numbered = classes?.length === names.length && names.every((name, index) => name === String(index));
  const named = numbered ? classes : names;
  const column = placeOfValue(columns, wanted, scoreColumns.length > 0);
  if (typeof column === "string") return column;
  return (row) => {
    const scores =
      scoreColumns.length === 0
        ? null
        : scoresOf(
            scoreColumns.map((place) => row[place] ?? null),
            named,
          );
    const value = column < 0 ? mostProbable(scores) : (row[column] ?? null);
    return value === null ? null : { value, scores };
  };
}

/** One score alone says nothing of the other classes. */
function scoreColumnsOf(columns: readonly string[]): number[] {
  const places = columns.flatMap((name, place) => (name.startsWith(scorePrefix) ? [place] : []));
  return places.length > 1 ? places : [];
}

/** Where the value is; -1 when the scores say it; a text when nothing does. */
function placeOfValue(columns: readonly string[], wanted: string | undefined, hasScores: boolean): number | string {
  if (wanted !== undefined) {
    const place = columns.indexOf(wanted);
    return place < 0 ? `no column ${wanted}` : place;
  }
  const place = columns.indexOf("prediction");
  if (place >= 0) return place;
  if (hasScores) return -1;
  return columns.length === 1 && columns[0]?.startsWith(scorePrefix) === false
    ? 0
    : `which column: ${columns.slice(0, 10).join(", ")}`;
}

function scoresOf(values: readonly Value[], classes: readonly string[]): Map<string, number> | null {
  const scores = new Map<string, number>();
  for (const [index, value] of values.entries()) {
    if (typeof value !== "number" || !Number.isFinite(value)) return null;
    scores.set(classes[index] ?? "", value);
  }
  return scores;
}

function mostProbable(scores: ReadonlyMap<string, number> | null): string | null {
  let best: string | null = null;
  for (const [name, score] of scores ?? []) if (best === null || score > (scores?.get(best) ?? 0)) best = name;
  return best;
}
