import { isUtf8 } from "node:buffer";
import type { RequestLanguage, Signature } from "../contract/host.ts";
import { readCsv } from "./csv.ts";
import { readTable } from "./dataframe.ts";
import { splitBody } from "./inference-body.ts";
import { readJsonObject } from "./json-object.ts";
import { checkWidths, methodOf, readRows, type ScoreMethod } from "./json-rows.ts";
import { languageOfBody } from "./language-of-body.ts";
import { rowsOfJson } from "./loose-rows.ts";
import { type NamedRows, rowsInOrder } from "./named-rows.ts";
import { readJson } from "./read-json.ts";
import type { RecordToDecode } from "./record-to-decode.ts";
import { namesOf, type Table, tableOf } from "./table.ts";
import { tableOfTensors } from "./tensor-table.ts";
import { readTensors } from "./tensors.ts";
import { giveUp, unfit } from "./undecoded.ts";
import { kindOf } from "./words.ts";

export interface DecodedInputs {
  table: Table;
  method: ScoreMethod;
  /** A list of values: each may be a row, or all of them one. The answer tells. */
  isFlat?: boolean;
}

/** The rows of a request. Gives up on what is not tabular. */
export function decodeInputs(record: RecordToDecode, signature: Signature): DecodedInputs {
  if (record.bodySize > record.body.length) giveUp("cut");
  if (record.body.length === 0) giveUp("empty");
  const body = Buffer.from(record.body.buffer, record.body.byteOffset, record.body.byteLength);
  const ofScript = signature.input.kind === "text";
  const read = { inference: readInference, mlflow: readMlflow, azure: ofScript ? readScript : readAzure };
  const language = record.language === undefined ? languageOf(body, record) : record.language;
  return language === "upstream" ? readScript(body) : read[language](body, signature, record);
}

/** A record of an older host: told by its content type and its members. */
function languageOf(body: Buffer, { contentType, bodyJsonBytes }: RecordToDecode): RequestLanguage {
  if (bodyJsonBytes !== undefined) return "inference";
  if (mediaType(contentType) === "text/csv") return "mlflow";
  const value = readJson(body, "python");
  return kindOf(value) === "an object" ? languageOfBody(value as Record<string, unknown>) : "azure";
}

const mediaType = (contentType: string | null): string | undefined =>
  contentType?.split(";", 1)[0]?.trim().toLowerCase();

function readAzure(body: Buffer, signature: Signature): DecodedInputs {
  const value = readJson(body, "json");
  if (kindOf(value) !== "an object") giveUp("unfit");
  const { data, method } = value as { data?: unknown; method?: unknown };
  const { input } = signature;
  const rows = readRows(data, input.kind === "rows" ? input.columns : null, unfit);
  const table = matrixTable(rows, signature);
  return { table, method: methodOf(method, "method", unfit) };
}

function readMlflow(body: Buffer, signature: Signature, { contentType }: RecordToDecode): DecodedInputs {
  if (mediaType(contentType) === "text/csv") {
    if (!isUtf8(body)) giveUp("unfit");
    return { table: namedTable(readCsv(body.toString("utf8"), unfit), signature), method: "predict" };
  }
  const value = readJsonObject(body, () => giveUp("not-json"));
  return { table: namedTable(readTable(value, unfit), signature), method: methodOfAnswered(value.params) };
}

/** The request was answered: a method that is none of ours is a parameter of the model itself. */
function methodOfAnswered(params: unknown): ScoreMethod {
  const named = (params as { method?: unknown } | null | undefined)?.method;
  return named === "predict_proba" ? named : "predict";
}

function readInference(body: Buffer, signature: Signature, { bodyJsonBytes }: RecordToDecode): DecodedInputs {
  const { head, binary } = splitBody(body, bodyJsonBytes ?? undefined);
  const { outputs } = head;
  const names = Array.isArray(outputs) ? outputs.map((output: { name?: unknown } | null) => output?.name) : [];
  const method = names.includes("predict_proba") && !names.includes("predict") ? "predict_proba" : "predict";
  return { table: tableOfTensors(readTensors(head.inputs, binary), binary.length === 0, signature), method };
}

/** A body that a script or a server of somebody else's takes: rows where they are plain to see. */
function readScript(body: Buffer): DecodedInputs {
  const { columns, rows, isFlat } = rowsOfJson(readJson(body, "python")) ?? giveUp("not-tabular");
  return { table: tableOf(columns ?? namesOf(rows[0]?.length ?? 0, null), rows), method: "predict", isFlat };
}

/** Rows in the order of the model's columns. */
function matrixTable(rows: unknown[][], { input }: Signature): Table {
  const { columns, names } = input.kind === "rows" ? input : { columns: null, names: null };
  if (rows.length === 0) return { columns: namesOf(columns ?? 0, names), rows: [] };
  return tableOf(namesOf(checkWidths(rows, columns, unfit), names), rows);
}

function namedTable(table: NamedRows, signature: Signature): Table {
  if (signature.input.kind === "rows") return matrixTable(rowsInOrder(table, signature, unfit), signature);
  return tableOf(table.columns ?? namesOf(table.rows[0]?.length ?? 0, null), table.rows);
}
