import { ModelyardError } from "../../contract/errors.ts";
import type { Signature } from "../../contract/host.ts";
import { readCsv } from "../../records/csv.ts";
import { readTable } from "../../records/dataframe.ts";
import { readJsonObject } from "../../records/json-object.ts";
import { checkWidths, type ScoreMethod } from "../../records/json-rows.ts";
import { type NamedRows, readMethod, rowsInOrder, withNaN } from "../../records/named-rows.ts";
import { requireUtf8 } from "../../records/utf8.ts";
import { kindOf } from "../../records/words.ts";
import { type Answer, jsonAnswer, statusHeaders } from "../answer.ts";
import type { WorkerAnswer } from "../engines/worker-connection.ts";
import type { ReadyScript } from "../engines/worker-frames.ts";
import { type Answering, type Codec, type Decoded, refuseScript, type ScoreRequest } from "./codec.ts";
import { checkParams } from "./logged-params.ts";
import { askOfRows } from "./rows.ts";
import { jsonOfScript } from "./script-answer.ts";
import { parametersOf } from "./script-parameters.ts";
import { askOfScriptTable, tableParameter } from "./script-table.ts";

/** A body that is none of MLflow's forms. */
function refuseForm(reason: string): never {
  throw new ModelyardError("dataframe-invalid", { reason, form: true });
}

/** Parameters, beside which the rows may be right. */
function refuseParams(reason: string): never {
  throw new ModelyardError("dataframe-invalid", { reason, form: true, params: true });
}

/** Rows or columns that are not those of the model. */
function refuseRows(reason: string): never {
  throw new ModelyardError("dataframe-invalid", { reason });
}

/**
 * `POST /invocations` as `mlflow models serve` takes and answers it since MLflow 2: JSON in four forms, or CSV.
 * https://mlflow.org/docs/latest/ml/deployment/deploy-model-locally/#json-input
 */
export const mlflowCodec: Codec = {
  language: "mlflow",
  decode: (request, revision, script, takesParams) => {
    if (revision.script !== null || revision.upstream) return decodeForScript(request, revision, script ?? null);
    const { table, params } = readBody(request);
    const own = takesParams === true ? readParams(params) : undefined;
    const method = takesParams === true ? "predict" : methodOfParams(params, revision.signature);
    const rows = rowsInOrder(withNaN(table), revision.signature, refuseRows);
    if (rows.length === 0) return { asks: [], encode: () => jsonAnswer(200, { predictions: [] }) };
    const columns = checkWidths(rows, columnsOf(revision.signature), refuseRows);
    const ask = askOfRows(rows, columns, method, refuseRows);
    return { asks: [own === undefined ? ask : { ...ask, input: { ...ask.input, params: own } }], encode };
  },
  invalid: () => "dataframe-invalid",
  errorAnswer: (error) =>
    jsonAnswer(
      error.status,
      { error_code: errorCode(error), message: `${error.message}. ${error.fix}` },
      statusHeaders(error),
    ),
  compresses: false,
};

/** Error: not-supported, for a script of which nothing is known, or that takes no table. */
function decodeForScript(request: ScoreRequest, revision: Answering, script: ReadyScript | null): Decoded {
  const parameters = parametersOf(script, revision);
  if (parameters === null) return refuseScript(request, revision, "columns");
  const parameter = tableParameter(request, parameters);
  return {
    asks: [askOfScriptTable(readBody(request).table, parameter, refuseRows)],
    encode: ([answer]) => encodePredictions(Buffer.from(jsonOfScript(answer as WorkerAnswer), "utf8")),
  };
}

function readBody({ body, headers }: ScoreRequest): { table: NamedRows; params: unknown } {
  const type = headers["content-type"]?.split(";", 1)[0]?.trim().toLowerCase();
  switch (type) {
    case "text/csv":
      requireUtf8(body);
      return { table: readCsv(body.toString("utf8"), refuseForm), params: undefined };
    // nothing, or what curl says when it is told nothing
    case undefined:
    case "application/x-www-form-urlencoded":
    case "application/json": {
      requireUtf8(body);
      const value = readJsonObject(body, refuseForm);
      return { table: readTable(value, refuseForm), params: value.params };
    }
    default:
      throw new ModelyardError("not-supported", {
        what: `The Content-Type ${type.slice(0, 80)} is not supported`,
        instead: "Send application/json or text/csv.",
      });
  }
}

/** What a model is asked for that takes no parameters itself. Its signature may have some all the same: they are checked, as MLflow does. */
function methodOfParams(params: unknown, { params: logged = [] }: Signature): ScoreMethod {
  const isLogged = logged.some(({ name }) => name === "method");
  const method = readMethod(isLogged && kindOf(params) === "an object" ? undefined : params, refuseParams);
  if (kindOf(params) === "an object")
    checkParams(params as Record<string, unknown>, logged, (reason) => {
      throw new ModelyardError("dataframe-invalid", { reason, params: true });
    });
  return method;
}

/** Bytes: they travel in the head of a frame, beside those of other requests. */
const largestParams = 64 * 1024;

/** The JSON text of a request's parameters; whether they are those of the model, MLflow tells. Undefined for none. */
function readParams(params: unknown): string | undefined {
  if (params === undefined || params === null) return undefined;
  if (kindOf(params) !== "an object") refuseParams(`"params" is ${kindOf(params)}, not an object`);
  const text = textOf(params);
  if (Buffer.byteLength(text) > largestParams) refuseParams(`"params" has more than ${largestParams} bytes`);
  return text;
}

function textOf(params: unknown): string {
  try {
    return JSON.stringify(params);
  } catch {
    return refuseParams('"params" is nested too deeply');
  }
}

const columnsOf = ({ input }: Answering["signature"]): number | null => (input.kind === "rows" ? input.columns : null);

const before = Buffer.from('{"predictions": ');
const after = Buffer.from("}");

const encode = (answers: readonly WorkerAnswer[]): Answer => encodePredictions((answers[0] as WorkerAnswer).body);

function encodePredictions(json: Uint8Array): Answer {
  const body = Buffer.concat([before, json, after]);
  return { status: 200, body, headers: { "content-type": "application/json" } };
}

/** https://github.com/mlflow/mlflow/blob/master/mlflow/protos/databricks.proto */
const codesByStatus: Record<number, string> = {
  401: "UNAUTHENTICATED",
  404: "RESOURCE_DOES_NOT_EXIST",
  503: "TEMPORARILY_UNAVAILABLE",
};

function errorCode({ code, status, details }: ModelyardError): string {
  if (code === "texts-invalid" || (code === "dataframe-invalid" && details.form === undefined))
    return "INVALID_PARAMETER_VALUE";
  return codesByStatus[status] ?? (status < 500 ? "BAD_REQUEST" : "INTERNAL_ERROR");
}
