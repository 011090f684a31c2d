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

/** Whether rows say what was predicted by the scores of classes alone. */
export const isSaidByScores = ({ columns }: Pick<Table, "columns">): boolean =>
  placeOfValue(columns, undefined, scoreColumnsOf(columns).length > 0) === -1;

/**
 * How the rows of a table say what was predicted; a text says why they do not. `classes` names scores that have numbers alone, which else are the
 * classes 0, 1, ….
 */
export function predictionReader(
  { columns }: Pick<Table, "columns">,
  wanted: string | undefined,
  classes: readonly LabelValue[] | null,
): ((row: readonly Value[]) => Prediction | null) | string {
  const scoreColumns = scoreColumnsOf(columns);
  const names = scoreColumns.map((place) => columns[place]?.slice(scorePrefix.length) ?? "");
  const predicted = classesOfScores(names, classes);
  const texts = predicted.map(classOf);
  const column = placeOfValue(columns, wanted, scoreColumns.length > 0);
  if (typeof column === "string") return column;
  return (row) => {
    const scores =
      scoreColumns.length === 0
        ? null
        : scoresOf(
            scoreColumns.map((place) => row[place] ?? null),
            texts,
          );
    const value = column < 0 ? (predicted[texts.indexOf(mostProbable(scores) ?? "")] ?? null) : (row[column] ?? null);
    return value === null ? null : { value, scores };
  };
}

/** One score alone says nothing of the other classes. */
function scoreColumnsOf(columns: readonly string[]): number[] {
  const places = columns.flatMap((name, place) => (name.startsWith(scorePrefix) ? [place] : []));
  return places.length > 1 ? places : [];
}

/** What a model that answers its scores by number would have predicted: the classes it names, each of its own type, else their numbers. */
function classesOfScores(names: readonly string[], classes: readonly LabelValue[] | null): readonly LabelValue[] {
  if (names.some((name, place) => name !== String(place))) return names;
  return classes?.length === names.length ? classes : names.map(Number);
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
