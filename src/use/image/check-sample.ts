import { ModelyardError } from "../../contract/errors.ts";
import type { ImageInput } from "../../contract/image.ts";
import { readScoreBody } from "../../records/score-body.ts";
import { onnxFileOf } from "./onnx-file.ts";
import type { ResolvedModel } from "./source-of-environment.ts";

/** Beyond these a row says no more. */
const mostShown = 8;

/** Before anything is built: every revision is sent the sample, and none that does not fit would ever answer. What a script or another server takes is theirs to say. Throws sample-invalid. */
export function checkSample(
  { sample, script, upstream }: Pick<ImageInput, "sample" | "script" | "upstream">,
  [model]: readonly ResolvedModel[],
): void {
  if (sample === undefined || script !== undefined || upstream !== undefined || model === undefined) return;
  // what ONNX takes is known once it ran
  const columns = onnxFileOf(model) === undefined ? (model.reading?.columns ?? null) : null;
  try {
    readScoreBody(Buffer.from(sample), columns);
  } catch (error) {
    if (!(error instanceof ModelyardError)) throw error;
    throw new ModelyardError("sample-invalid", { reason: error.message, form: formOf(columns) });
  }
}

function formOf(columns: number | null): string {
  if (columns === null) return '{"data": [[…], …]}, or {"data": ["a text"]} where a row is one text';
  return `{"data": [[${columns > mostShown ? "…" : new Array(columns).fill("…").join(", ")}], …]}`;
}
