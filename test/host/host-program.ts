import { join } from "node:path";
import { build } from "esbuild";
import { makeFolder, root } from "./host-fixture.ts";

/** The host as a program of its own, of the sources as they are: `build` once before it is started. */
export function makeHostProgram(): { path: string; build(): Promise<unknown>; remove(): void } {
  const folder = makeFolder();
  const path = join(folder.path, "host.mjs");
  return {
    path,
    build: () =>
      build({
        entryPoints: [join(root, "src/main/host.ts")],
        outfile: path,
        bundle: true,
        platform: "node",
        format: "esm",
        external: ["onnxruntime-node"],
        logLevel: "silent",
      }),
    remove: folder.remove,
  };
}
