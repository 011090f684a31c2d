import type { Manifest } from "../../contract/image.ts";

/** How the line of a build log begins that says why Python serves a model. */
export const notCompiled = "not compiled: ";

/** Why an image has the engine it has, one line. */
export function engineReason({ engine, compiled, script }: Manifest, log: readonly string[]): string {
  if (compiled !== undefined) return compiledText(compiled);
  if (engine === "onnx") return "the model is ONNX";
  if (engine === "http") return "a server of its own answers";
  if (script !== null) return "an entry script runs in Python";
  return log.findLast((line) => line.startsWith(notCompiled)) ?? "built without trying to compile it";
}

/** What a compiled model was compared on. */
export function compiledText({ rows, largestDifference }: NonNullable<Manifest["compiled"]>): string {
  const far = largestDifference === 0 ? "no difference" : `largest difference ${largestDifference.toPrecision(1)}`;
  return `compiled: ${rows.toLocaleString("en-US")} rows compared, ${far}`;
}
