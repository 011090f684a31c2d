// Writes what is derived from the contract: docs/openapi.json, docs/reference/*.md and the modules *.gen.ts.
// Usage: node scripts/gen.mjs           writes the files that differ
//        node scripts/gen.mjs --check   changes nothing; names the files that are stale and exits with 1
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { cliPage } from "./reference/cli-page.mjs";
import { commands } from "./reference/commands.mjs";
import { errorsPage } from "./reference/errors-page.mjs";
import { loadSources } from "./reference/load-sources.mjs";
import { permissionsPage } from "./reference/permissions-page.mjs";
import { wireOperations } from "./reference/wire-operations.mjs";

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const onlyCheck = process.argv.includes("--check");

const sources = await loadSources(root);
const { version } = JSON.parse(await readFile(join(root, "package.json"), "utf8"));
const files = {
  "docs/openapi.json": `${JSON.stringify(sources.openApi("http://127.0.0.1:5080", version), null, 2)}\n`,
  "docs/reference/cli.md": cliPage(sources),
  "docs/reference/errors.md": errorsPage(sources),
  "docs/reference/permissions.md": permissionsPage(sources),
  "src/contract/wire-operations.gen.ts": wireOperations(sources),
  "web/src/commands.gen.ts": commands(sources),
};

const stale = [];
for (const [name, text] of Object.entries(files)) {
  const path = join(root, name);
  if ((await readFile(path, "utf8").catch(() => undefined)) === text) continue;
  stale.push(name);
  if (onlyCheck) continue;
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, text);
}

if (stale.length === 0) process.stdout.write(`${Object.keys(files).length} generated files are current\n`);
else if (!onlyCheck) process.stdout.write(`wrote ${stale.join(", ")}\n`);
else {
  process.stderr.write(`stale: ${stale.join(", ")}. Run \`npm run gen\` and commit what it writes.\n`);
  process.exit(1);
}
