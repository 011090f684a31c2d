import { open, stat } from "node:fs/promises";
import { join } from "node:path";
import { ModelyardError } from "../../contract/errors.ts";
import { manifestName } from "../bundle/manifest.ts";

/** What a version can be imported from. */
export const sourceKinds = ["bundle", "mlflow-dir", "mlflow-server", "onnx", "folder", "file"] as const;
export type SourceKind = (typeof sourceKinds)[number];

export const isWebAddress = (source: string): boolean => /^https?:\/\//i.test(source);

/** What a source is: an address is an MLflow server, `-` a bundle on stdin, a path what stands there. Throws no-such-file. */
export async function kindOfSource(source: string): Promise<SourceKind> {
  if (source === "-") return "bundle";
  if (isWebAddress(source)) return "mlflow-server";
  const found = await stat(source).catch((cause) => {
    throw new ModelyardError("no-such-file", { path: source }, { cause });
  });
  if (found.isDirectory()) return (await isFile(join(source, "MLmodel"))) ? "mlflow-dir" : "folder";
  if (await beginsBundle(source)) return "bundle";
  return /\.onnx$/i.test(source) ? "onnx" : "file";
}

const isFile = (path: string): Promise<boolean> =>
  stat(path).then(
    (found) => found.isFile(),
    () => false,
  );

/** Other tar files are models of some framework. */
async function beginsBundle(path: string): Promise<boolean> {
  const handle = await open(path, "r");
  try {
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(512), 0, 512, 0);
    const name = buffer.toString("latin1", 0, manifestName.length + 1);
    return bytesRead === 512 && name === `${manifestName}\0` && buffer.toString("latin1", 257, 262) === "ustar";
  } finally {
    await handle.close();
  }
}
