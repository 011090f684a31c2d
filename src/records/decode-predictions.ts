import { splitBody } from "./inference-body.ts";
import type { ScoreMethod } from "./json-rows.ts";
import { readJson } from "./read-json.ts";
import type { RecordToDecode } from "./record-to-decode.ts";
import type { Table, Value } from "./table.ts";
import { columnsOfTensors } from "./tensor-table.ts";
import { readTensors, type Tensor } from "./tensors.ts";
import { giveUp } from "./undecoded.ts";
import { kindOf } from "./words.ts";

/** An answer as it was parsed. */
export type Answered = { kind: "json"; value: unknown } | { kind: "tensors"; tensors: Tensor[]; isJson: boolean };

/** Gives up on what is cut, empty or neither JSON nor plain text. */
export function readAnswer(record: RecordToDecode): Answered {
  if (record.answerSize > record.answer.length) giveUp("cut");
  if (record.answer.length === 0) giveUp("empty");
  const bytes = Buffer.from(record.answer.buffer, record.answer.byteOffset, record.answer.byteLength);
  if (record.answerJsonBytes !== undefined) return tensorsOf(splitBody(bytes, record.answerJsonBytes));
  if (record.answerType?.startsWith("text/plain")) return { kind: "json", value: unquoted(bytes.toString("utf8")) };
  const value = readJson(bytes, "python");
  if (isInference(value)) return tensorsOf({ head: value, binary: Buffer.alloc(0) });
  if (record.language === "mlflow") return { kind: "json", value: (value as { predictions?: unknown }).predictions };
  return { kind: "json", value: typeof value === "string" ? unquoted(value) : value };
}

function isInference(value: unknown): value is Record<string, unknown> {
  const { outputs } = (value ?? {}) as { outputs?: unknown };
  return Array.isArray(outputs) && outputs.length > 0 && outputs.every((one) => "datatype" in (one ?? {}));
}

function tensorsOf({ head, binary }: ReturnType<typeof splitBody>): Answered {
  return { kind: "tensors", tensors: readTensors(head.outputs, binary), isJson: binary.length === 0 };
}

/** A script that answers with `json.dumps(…)` says JSON in a text. */
function unquoted(text: string): unknown {
  if (!/^\s*[[{]/.test(text)) return text;
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return text;
  }
}

/** Whether it is one value, or a list of one. */
export function isOneAnswer(answer: Answered): boolean {
  if (answer.kind === "tensors") return answer.tensors.every(({ shape }) => (shape[0] ?? 1) === 1);
  return Array.isArray(answer.value) ? answer.value.length === 1 : typeof answer.value !== "object";
}

/** One row for each of the `rows` that were asked; null: as many as there are. Gives up on another number, and on nested values. */
export function decodePredictions(answer: Answered, method: ScoreMethod, rows: number | null): Table {
  const table =
    answer.kind === "tensors" ? outputTable(answer.tensors, answer.isJson) : answerTable(answer.value, method, rows);
  if (rows !== null && table.rows.length !== rows) giveUp("rows-differ");
  return table;
}

const prefixes: Readonly<Record<string, string>> = { predict: "prediction", predict_proba: "score" };

/** Several values a row are numbered; scores always are. */
const columnName = (prefix: string, place: number, width: number): string =>
  width === 1 && prefix !== "score" ? prefix : `${prefix}.${place}`;

function outputTable(tensors: readonly Tensor[], isJson: boolean): Table {
  const parts = tensors.map((tensor) => {
    const prefix = prefixes[tensor.name] ?? tensor.name;
    return { tensor, nameOf: (place: number, width: number) => columnName(prefix, place, width) };
  });
  return columnsOfTensors(parts, isJson);
}

function answerTable(value: unknown, method: ScoreMethod, rows: number | null): Table {
  const prefix = prefixes[method] as string;
  if (kindOf(value) === "an object") return memberTable(Object.entries(value as object), rows, prefix);
  if (!Array.isArray(value)) return listTable([value], prefix);
  // one row may have a list for its answer
  return listTable(rows === 1 && value.length !== 1 ? [value] : value, prefix);
}

/** One item for each row: a value, a list of values, or an object. */
function listTable(items: readonly unknown[], prefix: string): Table {
  if (items.every(isPlain))
    return { columns: [columnName(prefix, 0, 1)], rows: items.map((item) => [(item ?? null) as Value]) };
  const kinds = new Set(
    items.map((item) => (Array.isArray(item) ? "list" : kindOf(item) === "an object" ? "object" : "")),
  );
  if (kinds.size > 1) giveUp("not-tabular");
  if (kinds.has("object")) {
    const columns = [...new Set(items.flatMap((item) => Object.keys(item as object)))];
    return {
      columns,
      rows: items.map((item) => columns.map((name) => plain((item as Record<string, unknown>)[name]))),
    };
  }
  const lists = items as unknown[][];
  const width = lists[0]?.length ?? 0;
  if (lists.some((list) => list.length !== width)) giveUp("not-tabular");
  const columns = Array.from({ length: width }, (_, place) => columnName(prefix, place, width));
  return { columns, rows: lists.map((list) => list.map(plain)) };
}

const isPlain = (value: unknown): boolean => typeof value !== "object" || value === null;

const plain = (value: unknown): Value => (isPlain(value) ? ((value ?? null) as Value) : giveUp("not-tabular"));

/** An object has a column in each member that is a list of as many items as there are rows; for one row its plain members are columns too. */
function memberTable(members: readonly [string, unknown][], rows: number | null, prefix: string): Table {
  const lists = members.map(([, member]) => member).filter(Array.isArray);
  const count = rows ?? lists[0]?.length ?? 1;
  const parts = members.flatMap(([name, member]) => {
    const own = name === "predictions" || name === "prediction" ? prefix : name;
    if (Array.isArray(member) && member.length === count) return [listTable(member, own)];
    return count === 1 && (typeof member !== "object" || member === null) ? [listTable([member], own)] : [];
  });
  if (parts.length === 0) giveUp(lists.length > 0 ? "rows-differ" : "not-tabular");
  return {
    columns: parts.flatMap((part) => part.columns),
    rows: Array.from({ length: count }, (_, row) => parts.flatMap((part) => part.rows[row] as Value[])),
  };
}
