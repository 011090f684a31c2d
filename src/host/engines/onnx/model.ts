import type { InferenceSession } from "onnxruntime-node";
import type { ScoreMethod } from "../worker-frames.ts";
import { rowTexts } from "./row-texts.ts";
import { Invalid, inputTypes, type Rows, stack } from "./rows.ts";
import { withoutZipMap } from "./zipmap.ts";

/** An ONNX model that is loaded. */
export interface OnnxModel {
  /** Numbers in one row; null when the model leaves that open. */
  columns: number | null;
  /** The JSON text of the answer for each row; all parts have the same method and width. Invalid: they do not fit the model. */
  run(parts: readonly Rows[]): Promise<string[]>;
  release(): Promise<void>;
}

/** What the engine does not serve as it is, one line. */
export class Unfit extends Error {}

const options: InferenceSession.SessionOptions = {
  // a thread of its own costs a small model more than it brings (docs/decisions/0018)
  intraOpNumThreads: 1,
  interOpNumThreads: 1,
  executionMode: "sequential",
  // what fails is told to whom it concerns, not to the log of the host
  logSeverityLevel: 4,
};

/** Loads a model into this process; `run` then holds up the process for as long as it takes. Throws Unfit and the runtime's own errors. */
export async function openOnnxModel(file: Buffer): Promise<OnnxModel> {
  // half of a second's start: only for those who have such a model
  const { InferenceSession, Tensor } = await import("onnxruntime-node");
  const { bytes, probabilities } = withoutZipMap(file);
  const session = await InferenceSession.create(bytes, options);
  try {
    const { name, type, columns } = inputOf(session.inputMetadata);
    const outputs = outputsOf(session.outputMetadata, probabilities);
    return {
      columns,
      release: () => session.release(),
      run: async (parts) => {
        const [{ method, columns: width } = { method: "predict" as const, columns: 0 }] = parts;
        const output = outputs[method];
        if (output === undefined) throw new Invalid(`this model has no ${method}`);
        if (columns !== null && columns !== width)
          throw new Invalid(`The rows have ${width} values; the model takes ${columns}`);
        const count = parts.reduce((sum, part) => sum + part.count, 0);
        const input = new Tensor(type as "float32", stack(parts, type) as Float32Array, [count, width]);
        const answer = (await runOnce(session, { [name]: input }, output))[output];
        if (answer === undefined) throw new Error(`the model did not answer ${output}`);
        return rowTexts(answer, count, method === "predict");
      },
    };
  } catch (error) {
    await session.release();
    throw error;
  }
}

/** A model that ran at the build of its image does not fit what it was given now; without memory it is nobody's mistake. */
async function runOnce(session: InferenceSession, feeds: InferenceSession.FeedsType, output: string) {
  try {
    return await session.run(feeds, [output]);
  } catch (error) {
    const reason = oneLine(error);
    throw /bad_alloc|[Ff]ailed to allocate/.test(reason) ? new Error(reason) : new Invalid(reason);
  }
}

/** A runtime's message as one line, shortened. */
export function oneLine(error: unknown): string {
  const text = error instanceof Error ? error.message : String(error);
  return text.replace(/\s+/g, " ").trim().slice(0, 500);
}

/** The one input [rows, columns] of numbers. */
function inputOf(inputs: readonly InferenceSession.ValueMetadata[]): {
  name: string;
  type: string;
  columns: number | null;
} {
  const [input, ...others] = inputs;
  if (input === undefined || others.length > 0)
    throw new Unfit(
      `it takes ${inputs.length} inputs (${inputs.map(({ name }) => name).join(", ")}), not one of rows of numbers`,
    );
  if (!input.isTensor) throw new Unfit(`its input ${input.name} is no tensor`);
  const { name, type, shape } = input;
  const [rows, columns] = shape;
  if (shape.length !== 2)
    throw new Unfit(
      `its input ${name} has the shape [${shape.map((size) => size || "?").join(", ")}], not [any number of rows, columns]`,
    );
  if (typeof rows === "number")
    throw new Unfit(
      `its input ${name} takes ${rows} row(s) at a time; export it with a first dimension that may change`,
    );
  if (!inputTypes.includes(type)) throw new Unfit(`its input ${name} is of ${type}, not of ${inputTypes.join(", ")}`);
  return { name, type, columns: typeof columns === "number" ? columns : null };
}

/**
 * Which outputs answer which method: the first is the label or value; probabilities are what stood in front of a ZipMap, or
 * a second output of real numbers behind labels, as the converters of scikit-learn, XGBoost and LightGBM write them.
 */
function outputsOf(
  outputs: readonly InferenceSession.ValueMetadata[],
  probabilities: string | null,
): Record<ScoreMethod, string | undefined> {
  const tensors = outputs.flatMap((output) => (output.isTensor ? [output] : []));
  const [first, second] = tensors.filter(({ name }) => name !== probabilities);
  const known = first ?? tensors[0];
  if (known === undefined) throw new Unfit("it answers no tensor");
  const labels = ["int64", "int32", "string", "bool"].includes(known.type);
  const matrix = labels && second?.type.startsWith("float") && second.shape.length === 2 ? second.name : undefined;
  return { predict: known.name, predict_proba: probabilities ?? matrix };
}
