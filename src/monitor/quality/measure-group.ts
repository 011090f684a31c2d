import type { Quality } from "../../contract/quality.ts";
import { normalised } from "./calibration.ts";
import { classificationQuality, scoreQuality } from "./classification.ts";
import type { ComparedRow, Group, LabelledRow } from "./compared-rows.ts";
import { estimateQuality } from "./estimate.ts";
import { areProbabilities } from "./probabilities.ts";
import { classOf, type Prediction } from "./read-prediction.ts";
import { regressionQuality } from "./regression.ts";

export type Task = "classification" | "regression";
type Scores = ReadonlyMap<string, number>;

/** Numbers that are whole and few are classes. */
const mostWholeClasses = 50;
const mostClassesShown = 100;

/**
 * What is predicted, as the predictions say: classes when there are scores or texts, numbers when one is not whole. Whole ones are what their labels
 * are: numbers when one is not whole or there are many. So a label that is misspelt makes no classes of numbers. Null of no rows.
 */
export function taskOf(labelled: readonly LabelledRow[], open: readonly ComparedRow[]): Task | null {
  if (labelled.length === 0 && open.length === 0) return null;
  const said = new Set(labelled.map(({ prediction }) => taskOfPrediction(prediction)));
  if (open.length > 0 || said.has("classification")) return "classification";
  if (said.has("regression")) return "regression";
  const values = labelled.flatMap(({ actual, prediction }) => [actual, prediction.value]);
  if (values.some((value) => typeof value !== "number")) return "classification";
  return values.every(Number.isInteger) && new Set(values).size <= mostWholeClasses ? "classification" : "regression";
}

/** What one prediction says alone, whatever its label; undefined of a whole number. */
export function taskOfPrediction({ value, scores }: Prediction): Task | undefined {
  if (scores !== null || typeof value !== "number") return "classification";
  return Number.isInteger(value) ? undefined : "regression";
}

/** What the labels of a group say. Fewer than `least` say nothing. */
export function measure(group: Group, task: Task, least: number): Quality["measured"] {
  const labelled = group.labelledRows.items();
  const nothing = { rows: labelled.length, metrics: [], byClass: [] };
  if (labelled.length === 0) return { state: "no-labels", ...nothing };
  if (labelled.length < least) return { state: "not-enough-labels", ...nothing };
  if (task === "classification") return measureClasses(labelled);
  const numbers = labelled.flatMap(({ actual, prediction: { value }, weight }) =>
    typeof actual === "number" && typeof value === "number" && Number.isFinite(value)
      ? [[actual, value, weight] as const]
      : [],
  );
  if (numbers.length < least) return { state: "not-numbers", ...nothing, rows: numbers.length };
  const metrics = regressionQuality(
    numbers.map(([actual]) => actual),
    numbers.map(([, value]) => value),
    numbers.map(([, , weight]) => weight),
  );
  return { state: "ok", rows: numbers.length, metrics, byClass: [] };
}

function measureClasses(labelled: readonly LabelledRow[]): Quality["measured"] {
  const classes = classPlaces();
  const actual = labelled.map((row) => classes.of(classOf(row.actual)));
  const predicted = labelled.map((row) => classes.of(classOf(row.prediction.value)));
  const { metrics, byClass } = classificationQuality({
    classes: classes.names,
    actual,
    predicted,
    weights: weightsOf(labelled),
  });
  const shown = byClass.length > mostClassesShown ? [] : byClass.sort((a, b) => compareNames(a.class, b.class));
  return { state: "ok", rows: labelled.length, metrics: [...metrics, ...ofScores(labelled)], byClass: shown };
}

/** Measures of the scores, when they speak of the classes that labels name. */
function ofScores(labelled: readonly LabelledRow[]) {
  const rows = labelled.flatMap(({ actual, prediction: { scores }, weight }) =>
    scores === null ? [] : [{ actual, scores, weight }],
  );
  if (!rows.some(({ actual, scores }) => scores.has(classOf(actual)))) return [];
  const classes = classPlaces();
  for (const { scores } of rows) for (const name of scores.keys()) classes.of(name);
  const actual = rows.map((row) => classes.of(classOf(row.actual)));
  const scores = rows.map((row) => classes.names.map((name) => row.scores.get(name) ?? 0));
  return scoreQuality({ classes: classes.names, actual, scores, weights: weightsOf(rows) });
}

/** What can be expected of the rows without labels. */
export function estimate(
  group: Group,
  calibrations: ReadonlyMap<string, (scores: Scores) => Scores>,
  least: number,
): NonNullable<Quality["estimated"]> {
  const scored = group.openRows.items();
  const open = scored.filter(
    ({ model, prediction }) => calibrations.has(model) || areProbabilities(prediction.scores?.values() ?? []),
  );
  const nothing = { rows: open.length, calibrated: false, metrics: [] };
  if (scored.length === 0) return { state: "no-scores", ...nothing };
  if (scored.length < least) return { state: "not-enough-rows", ...nothing };
  if (open.length < least) return { state: "not-probabilities", ...nothing };
  const classes = classPlaces();
  const rows = open.map(({ prediction, model }) => {
    const scores = prediction.scores ?? new Map<string, number>();
    const probabilities = calibrations.get(model)?.(scores) ?? normalised(scores, scores);
    for (const name of scores.keys()) classes.of(name);
    return { said: classes.of(classOf(prediction.value)), scores, probabilities };
  });
  const listed = (of: Scores) => classes.names.map((name) => of.get(name) ?? 0);
  const metrics = estimateQuality({
    classes: classes.names.length,
    predicted: rows.map(({ said }) => said),
    scores: rows.map(({ scores }) => listed(scores)),
    probabilities: rows.map(({ probabilities }) => listed(probabilities)),
    weights: weightsOf(open),
  });
  return { state: "ok", rows: open.length, calibrated: open.every(({ model }) => calibrations.has(model)), metrics };
}

const weightsOf = (rows: readonly { weight: number }[]): number[] => rows.map(({ weight }) => weight);

/** Numbers of classes in the order they are first seen. */
function classPlaces() {
  const names: string[] = [];
  const places = new Map<string, number>();
  const placeOfClass = (name: string): number => {
    const known = places.get(name);
    if (known !== undefined) return known;
    places.set(name, names.length);
    return names.push(name) - 1;
  };
  return { names, of: placeOfClass };
}

/** 2 before 10, and a before b. */
const compareNames = (a: string, b: string): number => Number(a) - Number(b) || (a < b ? -1 : 1);
