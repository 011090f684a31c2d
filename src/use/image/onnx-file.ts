import type { FileEntry } from "../../contract/operation.ts";
import type { ModelInspection } from "../../register/pickle/inspect.ts";

interface Version {
  files: readonly FileEntry[];
  reading: Pick<ModelInspection, "kind"> | null;
}

/** The files of a version that are ONNX by their name, or the only one it has. */
export function onnxFilesOf<File extends { path: string }>(files: readonly File[]): readonly File[] {
  return files.length === 1 ? files : files.filter(({ path }) => path.toLowerCase().endsWith(".onnx"));
}

/**
 * The one ONNX file of a version that needs no Python; undefined for anything else. A file that is named so and was damaged
 * counts: what is wrong with it is told when it is run.
 */
export function onnxFileOf({ files, reading }: Version): FileEntry | undefined {
  const [file, another] = onnxFilesOf(files);
  if (file === undefined || another !== undefined) return undefined;
  const isNamed = file.path.toLowerCase().endsWith(".onnx") && (reading === null || reading.kind === "unknown");
  return reading?.kind === "onnx" || isNamed ? file : undefined;
}
