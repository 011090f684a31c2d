import { randomBytes } from "node:crypto";
import { mkdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { build } from "esbuild";

/** What the pages are made of, as TypeScript sources export it. */
const exported = `
export { errorTable, ModelyardError } from "./src/contract/errors.ts";
export { exitCodeOf } from "./src/contract/exit-codes.ts";
export { openApi } from "./src/contract/openapi.ts";
export { roleIncludes, roles } from "./src/contract/operation.ts";
export { operationEntries } from "./src/contract/operations.ts";
export { makeProgram } from "./src/doors/cli/program.ts";
export { flagsOf } from "./src/doors/cli/operation-command.ts";
export { preparations } from "./src/doors/cli/prepare/index.ts";
export { fieldOf } from "./src/contract/field.ts";
`;

/** Bundles the contract and the CLI's commands and imports them: Node 20 does not read TypeScript. */
export async function loadSources(root) {
  // inside the repository, so that packages are found; a name of its own, so that two runs at once do not meet
  const cache = join(root, "node_modules", ".cache", "modelyard");
  const file = join(cache, `reference-${randomBytes(6).toString("hex")}.mjs`);
  await mkdir(cache, { recursive: true });
  try {
    await build({
      stdin: { contents: exported, resolveDir: root, loader: "ts" },
      outfile: file,
      bundle: true,
      format: "esm",
      platform: "node",
      target: "node20.19",
      packages: "external",
      logLevel: "warning",
    });
    return await import(pathToFileURL(file).href);
  } finally {
    await rm(file, { force: true });
  }
}
