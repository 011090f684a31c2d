import { ModelyardError } from "../../contract/errors.ts";
import type { Exec } from "../../kernel/exec.ts";

export interface OnnxCheckPorts {
  exec: Exec;
  /** The command that loads the file named after it, runs it once, and prints what came of it as a line of JSON. */
  onnxCheck: readonly [string, ...string[]];
  /** How long loading and running may take; a minute when left out. */
  limitMs?: number;
}

type Checked = { state: "fits"; columns: number | null } | { state: "unfit" | "broken"; reason: string };

/**
 * Loads and runs a file in a process that may be lost: what crashes the runtime must not reach the host. Gives the width of a
 * row. Errors: not-supported for what only an entry script can serve, onnx-invalid with the runtime's reason.
 */
export async function checkOnnx(
  { exec, onnxCheck, limitMs = 60_000 }: OnnxCheckPorts,
  { path, model }: { path: string; model: string },
): Promise<{ columns: number | null }> {
  const signal = AbortSignal.timeout(limitMs);
  const { code, stdout } = await exec({ argv: [...onnxCheck, path], env: {}, signal });
  if (code !== 0) {
    const reason = signal.aborted ? `one run took over ${limitMs / 1000} seconds` : "it crashes the runtime";
    throw new ModelyardError("onnx-invalid", { model, reason });
  }
  const checked = JSON.parse(stdout) as Checked;
  if (checked.state === "fits") return { columns: checked.columns };
  if (checked.state === "broken") throw new ModelyardError("onnx-invalid", { model, reason: checked.reason });
  throw new ModelyardError("not-supported", {
    what: `${model} is not served as it is: ${checked.reason}`,
    instead: "Give an entry script that runs it with onnxruntime: --script score.py --requirements requirements.txt.",
  });
}
