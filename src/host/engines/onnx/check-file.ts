import { readFile } from "node:fs/promises";
import { Unfit } from "./inputs.ts";
import { oneLine, openOnnxModel } from "./model.ts";
import { warmUp } from "./warm-up.ts";

/** What came of the first run of a file: it answers; it is not one that is served as it is; it cannot be loaded or run. */
export type CheckedFile = { state: "fits"; columns: number | null } | { state: "unfit" | "broken"; reason: string };

/** Loads an ONNX file and runs it on zeros. In a process that may be lost: a file can crash the runtime. */
export async function checkOnnxFile(path: string): Promise<CheckedFile> {
  try {
    const model = await openOnnxModel(await readFile(path));
    warmUp(model);
    return { state: "fits", columns: model.columns };
  } catch (error) {
    return { state: error instanceof Unfit ? "unfit" : "broken", reason: oneLine(error) };
  }
}
