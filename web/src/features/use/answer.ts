import type { SpokenLanguage } from "../../../../src/contract/host.ts";

export interface AnswerTable {
  columns: string[];
  rows: string[][];
}

const mostRows = 200;
const mostColumns = 100;

/** Integers beyond 2^53 lose their last digits when they are read: an answer that holds one is shown as it came. */
const largeInteger = /(?<![\d.])\d{16,}(?![\d.eE])/;

/** A text for reading: JSON with line ends, but rows of plain values on one line each; anything else as it came. */
export function prettyJson(text: string): string {
  if (largeInteger.test(text)) return text;
  try {
    return lined(JSON.parse(text), "");
  } catch {
    return text;
  }
}

function lined(value: unknown, indent: string): string {
  if (typeof value !== "object" || value === null) return JSON.stringify(value);
  const inner = `${indent}  `;
  if (!Array.isArray(value)) {
    const members = Object.entries(value).map(([key, item]) => `${inner}${JSON.stringify(key)}: ${lined(item, inner)}`);
    return members.length === 0 ? "{}" : `{\n${members.join(",\n")}\n${indent}}`;
  }
  if (value.every((item) => typeof item !== "object" || item === null))
    return `[${value.map((item) => JSON.stringify(item)).join(", ")}]`;
  return `[\n${value.map((item) => inner + lined(item, inner)).join(",\n")}\n${indent}]`;
}

/** An answer as rows, where it is some; null for anything else. */
export function tableOfAnswer(language: SpokenLanguage, text: string): AnswerTable | null {
  let value: unknown;
  if (largeInteger.test(text)) return null;
  try {
    value = JSON.parse(text);
  } catch {
    return null;
  }
  if (language === "inference") return isObject(value) ? ofTensors(value.outputs) : null;
  return ofList(language === "mlflow" && isObject(value) ? value.predictions : value);
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

const cellText = (value: unknown): string => (typeof value === "string" ? value : (JSON.stringify(value) ?? ""));

function tableOf(columns: readonly string[], rows: readonly (readonly unknown[])[]): AnswerTable | null {
  if (rows.length === 0 || columns.length > mostColumns) return null;
  return { columns: [...columns], rows: rows.slice(0, mostRows).map((row) => row.map(cellText)) };
}

/** A list of values, of lists of one width, or of objects. */
function ofList(value: unknown): AnswerTable | null {
  if (!Array.isArray(value) || value.length === 0) return null;
  if (value.every(isObject)) {
    const columns = [...new Set(value.flatMap((row) => Object.keys(row)))];
    return tableOf(
      columns,
      value.map((row) => columns.map((column) => (Object.hasOwn(row, column) ? row[column] : ""))),
    );
  }
  if (!value.every(Array.isArray))
    return tableOf(
      ["prediction"],
      value.map((item) => [item]),
    );
  const lists = value as unknown[][];
  const width = lists[0]?.length ?? 0;
  if (width === 0 || lists.some((row) => row.length !== width)) return null;
  return tableOf(
    Array.from({ length: width }, (_, place) => String(place)),
    lists,
  );
}

interface Tensor {
  name: string;
  shape: number[];
  data: unknown[];
}

const isTensor = (value: unknown): value is Tensor =>
  isObject(value) && typeof value.name === "string" && Array.isArray(value.shape) && Array.isArray(value.data);

/** Tensors whose first dimension is the row, beside each other. */
function ofTensors(outputs: unknown): AnswerTable | null {
  if (!Array.isArray(outputs) || outputs.length === 0 || !outputs.every(isTensor)) return null;
  const count = outputs[0]?.shape[0] ?? 0;
  if (outputs.some(({ shape, data }) => shape[0] !== count || data.length % Math.max(count, 1) !== 0)) return null;
  const widths = outputs.map(({ data }) => data.length / Math.max(count, 1));
  const columns = outputs.flatMap(({ name }, place) =>
    widths[place] === 1 ? [name] : Array.from({ length: widths[place] ?? 0 }, (_, column) => `${name} ${column}`),
  );
  const rows = Array.from({ length: count }, (_, row) =>
    outputs.flatMap(({ data }, place) => {
      const width = widths[place] ?? 0;
      return data.slice(row * width, (row + 1) * width);
    }),
  );
  return tableOf(columns, rows);
}
