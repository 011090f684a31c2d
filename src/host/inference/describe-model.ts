import type { WantedRevision } from "../../contract/host.ts";
import { readRows, type ScoreMethod } from "../../records/json-rows.ts";
import { outputTensor } from "../codecs/output-tensor.ts";
import { decodeScore } from "../codecs/score.ts";
import { arrayOf, type Parameter, parametersOf } from "../codecs/script-parameters.ts";
import type { ReadyScript } from "../engines/worker-frames.ts";
import type { Revision } from "../revision.ts";
import { mainRevision } from "../service-table.ts";
import { type InferenceCall, type ModelName, openService, revisionFor } from "./models.ts";

export interface TensorMetadata {
  name: string;
  datatype: string;
  shape: number[];
}

/** What a model with a sample answered once; the answer of one image never changes its form. */
const known = new WeakMap<Revision, Promise<TensorMetadata[]>>();

/** A model in the words of the protocol, and the revision that speaks for it. */
export interface ModelDescription {
  name: string;
  versions: string[];
  platform: string;
  inputs: TensorMetadata[];
  outputs: TensorMetadata[];
  revision: WantedRevision;
}

/**
 * The metadata of a service as a model (Open Inference Protocol). Outputs are those the model gave for its sample. Errors:
 * service-not-found, unauthenticated, not-running; of a version also revision-not-found, no-replica.
 */
export async function describeModel(call: InferenceCall, { name, version }: ModelName): Promise<ModelDescription> {
  const service = openService(call, name);
  const revision = version ? revisionFor(service, version) : mainRevision(service);
  return {
    name,
    versions: [...service.live.keys()].map(String),
    platform: platformOf(revision.wanted),
    inputs: inputsOf(revision),
    outputs: await outputsOf(revision, call),
    revision: revision.wanted,
  };
}

/** A script answers in Python, whatever the models it loads were registered as. */
function platformOf({ upstream, script, models }: WantedRevision): string {
  if (upstream) return "http";
  return script === null ? (models[0]?.framework ?? "python") : "python";
}

/** What the protocol calls the types of MLflow's signatures (mlflow/types/schema.py); times come as text. */
const datatypesOfMlflow: Readonly<Record<string, string>> = {
  ...{ boolean: "BOOL", integer: "INT32", long: "INT64", float: "FP32", double: "FP64" },
  ...{ string: "BYTES", binary: "BYTES", datetime: "BYTES" },
};

/**
 * One input of all columns, or one for each that has a name, whose type is that of the signature, of what was compiled, or else of its value in the
 * sample; a number where nobody knows. Documents are one column of text.
 */
function inputsOf({ script: described, takesDocuments, wanted }: Revision): TensorMetadata[] {
  const { script, signature, sample } = wanted;
  const { input } = signature;
  if (script !== null) return inputsOfScript(parametersOf(described, wanted) ?? []);
  if (input.kind === "text") return [];
  const { columns, names, types } = input;
  const row = sampleRow(sample);
  if (names === null) {
    // a matrix has one type; of texts it is a list of documents
    if (takesDocuments || (row.length === 1 && typeof row[0] === "string"))
      return [{ name: "input", datatype: "BYTES", shape: [-1, 1] }];
    return [{ name: "input", datatype: "FP64", shape: [-1, columns ?? -1] }];
  }
  const compiled = wanted.models[0]?.input;
  const isText = (place: number) => compiled?.kind === "table" && compiled.columns[place]?.type === "text";
  const datatypeOf = (place: number) =>
    datatypesOfMlflow[types?.[place] ?? ""] ??
    (isText(place) ? "BYTES" : ({ string: "BYTES", boolean: "BOOL" }[typeof row[place] as string] ?? "FP64"));
  return names.map((name, place) => ({ name, datatype: datatypeOf(place), shape: [-1, 1] }));
}

/** One input for each parameter, or, for a frame, for each of its columns. */
function inputsOfScript(parameters: readonly Parameter[]): TensorMetadata[] {
  return parameters.flatMap((one) => {
    if (one.kind === "array")
      return [{ name: one.name, datatype: one.datatype, shape: one.shape.length === 0 ? [1] : one.shape }];
    return one.kind === "frame" ? one.columns.map((column) => ({ ...column, shape: [-1, 1] })) : [];
  });
}

/** What @output_schema says: a tensor, or one for each member of an object. */
function outputsOfScript({ schema }: Pick<ReadyScript, "schema">): TensorMetadata[] {
  if (schema === undefined) return [];
  const { output } = schema;
  const example = output.example as Record<string, unknown> | undefined;
  const members =
    output.type === "object"
      ? Object.entries(output.properties ?? {}).map(([name, one]) => ({ name, array: arrayOf(one, example?.[name]) }))
      : [{ name: "predict", array: arrayOf(output, example) }];
  return members.flatMap(({ name, array }) =>
    array === null ? [] : [{ name, datatype: array.datatype, shape: array.shape.length === 0 ? [1] : array.shape }],
  );
}

function sampleRow(sample: string | null): unknown[] {
  try {
    const { data } = JSON.parse(sample ?? "") as { data?: unknown };
    return (
      readRows(data, null, (reason) => {
        throw new Error(reason);
      })[0] ?? []
    );
  } catch {
    return [];
  }
}

/** Without a sample only what every model has is told: one number for each row is the most common answer. */
async function outputsOf(revision: Revision, call: InferenceCall): Promise<TensorMetadata[]> {
  const { script, sample, upstream } = revision.wanted;
  if (upstream) return [];
  if (script !== null) return revision.script === null ? [] : outputsOfScript(revision.script);
  const guess = [{ name: "predict", datatype: "FP64", shape: [-1] }];
  if (sample === null || !revision.isReady()) return guess;
  let outputs = known.get(revision);
  if (outputs === undefined) {
    outputs = askForOutputs(revision, sample, call);
    known.set(revision, outputs);
  }
  try {
    const found = await outputs;
    return found.length === 0 ? guess : found;
  } catch (error) {
    known.delete(revision);
    const { number: told } = revision.wanted;
    call.ports.log.warn({ revision: told, reason: (error as Error).message }, "the outputs of a model are not known");
    return guess;
  }
}

async function askForOutputs(revision: Revision, sample: string, call: InferenceCall): Promise<TensorMetadata[]> {
  const ask = decodeScore(Buffer.from(sample, "utf8"), revision.wanted);
  if (ask === null) return [];
  const askFor = async (method: ScoreMethod): Promise<TensorMetadata[]> => {
    const work = { id: call.requestId, headers: () => ({}), input: { ...ask.input, method }, body: ask.body };
    const { head, body } = await revision.score(work, 0);
    // a model without the method finds the input unfit
    if (head.status === "invalid") return [];
    if (head.status !== "ok") throw new Error(`${method} of the sample ended with ${head.status}`);
    const { datatype, shape } = outputTensor(body.toString("utf8"));
    return [{ name: method, datatype, shape: [-1, ...shape.slice(1)] }];
  };
  return (await Promise.all([askFor("predict"), askFor("predict_proba")])).flat();
}
