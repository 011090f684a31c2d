import type { InferenceSession, Tensor as TensorValue } from "onnxruntime-node";
import type { CompiledInput } from "../../../contract/compiled-input.ts";
import type { ScoreMethod } from "../../../records/json-rows.ts";
import { readGraph } from "./graph.ts";
import { inputsOf, Unfit } from "./inputs.ts";
import { linearLabels } from "./linear.ts";
import { rowTexts } from "./row-texts.ts";
import { countOf, Invalid, Lacking, type Rows } from "./rows.ts";
import { openSession, type Session } from "./session.ts";
import { withoutZipMap } from "./zipmap.ts";

/** An ONNX model that is loaded. */
export interface OnnxModel {
  /** Numbers in one row; null when the model leaves that open. */
  columns: number | null;
  /** What it takes, when it was compiled. */
  input: CompiledInput | undefined;
  /** The JSON text of the answer for each row; all parts have the same method and width. Invalid: they do not fit the model. */
  run(parts: readonly Rows[]): string[];
  release(): void;
}

/**
 * Loads a model into this process; `run` then holds up the process for as long as it takes. `input` says of a compiled model what
 * it takes. Throws Unfit and the runtime's own errors.
 */
export async function openOnnxModel(file: Buffer, input?: CompiledInput): Promise<OnnxModel> {
  const { Tensor } = await import("onnxruntime-node");
  const { bytes, probabilities } = withoutZipMap(file);
  const session = await openSession(bytes);
  try {
    const { columns, feedsOf } = inputsOf(session.inputs, input);
    const outputs = outputsOf(session.outputs, probabilities, input !== undefined);
    const linear = linearLabels(readGraph(bytes), session.inputs[0]?.name ?? "", outputs.predict ?? "");
    return {
      columns,
      input,
      release: session.release,
      run: (parts) => {
        const [{ method } = { method: "predict" as const }] = parts;
        const output = outputs[method];
        if (output === undefined) throw new Lacking(method);
        const count = countOf(parts);
        const given = feedsOf(parts);
        const run = () => {
          const feeds: Record<string, TensorValue> = {};
          for (const { name, type, values, dims } of given)
            feeds[name] = new Tensor(type as "float32", values as Float32Array, dims);
          const answer = runOnce(session, feeds, output);
          if (answer === undefined) throw new Error(`the model did not answer ${output}`);
          return rowTexts(answer, count, method === "predict");
        };
        const [rows] = given;
        return method === "predict" && linear !== undefined && rows?.values instanceof Float64Array
          ? linear.answer(rows.values, count, run)
          : run();
      },
    };
  } catch (error) {
    session.release();
    throw error;
  }
}

/** A model that ran at the build of its image does not fit what it was given now; without memory it is nobody's mistake. */
function runOnce(session: Session, feeds: Record<string, TensorValue>, output: string) {
  try {
    return session.run(feeds, output);
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

/**
 * Which outputs answer which method: the first is the label or value; probabilities are what stood in front of a ZipMap, or
 * a second output of real numbers behind labels, as the converters of scikit-learn, XGBoost and LightGBM write them.
 */
function outputsOf(
  outputs: readonly InferenceSession.ValueMetadata[],
  probabilities: string | null,
  isCompiled: boolean,
): Record<ScoreMethod, string | undefined> {
  const tensors = outputs.flatMap((output) => (output.isTensor ? [output] : []));
  const [first, second] = tensors.filter(({ name }) => name !== probabilities);
  const known = first ?? tensors[0];
  if (known === undefined) throw new Unfit("it answers no tensor");
  // a compiled model has a second output only for probabilities, also behind labels that are real numbers
  const labels = isCompiled || ["int64", "int32", "string", "bool"].includes(known.type);
  const matrix = labels && second?.type.startsWith("float") && second.shape.length === 2 ? second.name : undefined;
  return { predict: known.name, predict_proba: probabilities ?? matrix };
}
