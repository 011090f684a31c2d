// The statistics of the sources, bundled for the benchmarks.
import { join } from "node:path";
import { build } from "esbuild";
import { root } from "../home.mjs";

const from = {
  "monitor/baseline/keep-baselines": ["keepBaselines"],
  "monitor/baseline/profile-rows": ["profileRows"],
  "monitor/drift/all-tests": ["driftTests"],
  "monitor/drift/drift-of": ["driftOf"],
  "monitor/drift/drift-test": ["runTest"],
  "monitor/drift/policy": ["compareTables", "defaultPolicy"],
  "monitor/profile/make-layout": ["makeLayout"],
  "monitor/profile/profile-records": ["profileRecords"],
  "monitor/profile/table-profile": ["baselineSample", "noTable", "rowHashes", "takeTable"],
  "records/decode-record": ["decodeRecord"],
  "stores/db/sqlite": ["openSqlite"],
};

/** Path of a module that exports them; it stands in node_modules, so that it finds the packages it needs. */
export async function bundleStatistics() {
  const outfile = join(root, "node_modules", ".cache", "modelyard", "bench-drift.mjs");
  const lines = Object.entries(from).map(([file, names]) => `export { ${names.join(", ")} } from "./src/${file}.ts";`);
  await build({
    stdin: { contents: lines.join("\n"), resolveDir: root, loader: "ts" },
    outfile,
    bundle: true,
    format: "esm",
    platform: "node",
    packages: "external",
  });
  return outfile;
}
