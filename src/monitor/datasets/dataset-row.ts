import type { LabelValue } from "../../contract/labels.ts";
import type { Value } from "../../records/table.ts";

/** A row of a data set before it has columns. */
export interface DatasetRow {
  /** Epoch ms of the request. */
  at: number;
  id: string;
  row: number;
  revision: number;
  model: string;
  /** Requests that this one stands for, by how the service keeps records. */
  weight: number;
  label: LabelValue | null;
  inputs: Value[];
  predictions: Value[];
  /** Names of the columns of both, by their place in a list that all rows share. */
  inputNames: number;
  predictionNames: number;
}

/** A row as a line of text. JSON has no NaN and no infinities: they are texts in a list. */
export function lineOfRow(row: DatasetRow): string {
  const { id, revision, model, weight, label, inputNames, predictionNames } = row;
  const values = [row.inputs.map(toJson), row.predictions.map(toJson)];
  return JSON.stringify([id, row.row, revision, model, weight, label, ...values, row.at, inputNames, predictionNames]);
}

type Parts = [string, number, number, string, number, LabelValue | null, Told[], Told[], number, number, number];
type Told = Value | [string];

export function rowOfLine(line: string): DatasetRow {
  const [id, row, revision, model, weight, label, inputs, predictions, at, inputNames, predictionNames] = JSON.parse(
    line,
  ) as Parts;
  return {
    ...{ at, id, row, revision, model, weight, label, inputNames, predictionNames },
    ...{ inputs: inputs.map(ofJson), predictions: predictions.map(ofJson) },
  };
}

const toJson = (value: Value): Told => (typeof value === "number" && !Number.isFinite(value) ? [String(value)] : value);
const ofJson = (told: Told): Value => (Array.isArray(told) ? Number(told[0]) : told);
