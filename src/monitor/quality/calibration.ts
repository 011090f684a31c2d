import type { LabelledRow } from "./compared-rows.ts";
import { type Calibration, fitIsotonic } from "./isotonic.ts";
import { areProbabilities } from "./probabilities.ts";
import { classOf } from "./read-prediction.ts";

/** Rows with labels below which scores are taken as they are: fewer make steps of noise. */
const leastRows = 300;

type Scores = ReadonlyMap<string, number>;

/** How the scores of each model become probabilities, fitted class by class on its rows with labels; a model with few of them is left out. */
export function fitCalibrations(rows: readonly LabelledRow[]): Map<string, (scores: Scores) => Scores> {
  const byModel = new Map<string, LabelledRow[]>();
  for (const row of rows) {
    if (row.prediction.scores === null) continue;
    const those = byModel.get(row.model) ?? [];
    those.push(row);
    byModel.set(row.model, those);
  }
  const fitted = new Map<string, (scores: Scores) => Scores>();
  for (const [model, those] of byModel) if (those.length >= leastRows) fitted.set(model, fitModel(those));
  return fitted;
}

function fitModel(rows: readonly LabelledRow[]): (scores: Scores) => Scores {
  const classes = [...new Set(rows.flatMap(({ prediction }) => [...(prediction.scores?.keys() ?? [])]))];
  const calibrations = new Map<string, Calibration>();
  const weights = rows.map(({ weight }) => weight);
  for (const one of classes) {
    const scores = rows.map(({ prediction }) => prediction.scores?.get(one) ?? 0);
    const outcomes = rows.map(({ actual }) => (classOf(actual) === one ? 1 : 0));
    calibrations.set(one, fitIsotonic(scores, outcomes, weights));
  }
  return (scores) =>
    normalised(new Map([...scores].map(([one, score]) => [one, calibrations.get(one)?.(score) ?? score])), scores);
}

/** Probabilities that add up to 1; of nothing but zeros, the scores as they were, and where these are none either, equal ones. */
export function normalised(probabilities: Scores, instead: Scores): Scores {
  const sum = [...probabilities.values()].reduce((all, value) => all + value, 0);
  if (sum > 0) return new Map([...probabilities].map(([one, value]) => [one, value / sum]));
  return areProbabilities(instead.values())
    ? instead
    : new Map([...instead.keys()].map((one) => [one, 1 / instead.size]));
}
