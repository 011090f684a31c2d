// Builds dist/: cli.js, server.js, host.js, ingest-worker.js, gather-worker.js, onnx-worker.js with their shared chunks, worker.zip, web/ (the pages), and .build with
// the id of this build.
// Usage: node scripts/build.mjs
import { createHash } from "node:crypto";
import { mkdir, readdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { dirname, join, relative, sep } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { zipSync } from "fflate";
import { buildWeb } from "./build-web.mjs";

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const dist = join(root, "dist");
const fresh = join(dist, `.${process.pid}.tmp`);
const entries = ["cli", "server", "host", "ingest-worker", "gather-worker", "onnx-worker"];

await rm(fresh, { recursive: true, force: true });
await mkdir(fresh, { recursive: true });
try {
  await Promise.all([bundle(), buildWeb(root, join(fresh, "web"))]);
  await writeFile(join(fresh, "worker.zip"), await workerZip());
  await writeFile(join(fresh, ".build"), `${await idOf(fresh)}\n`);
  await publish();
} finally {
  await rm(fresh, { recursive: true, force: true });
}

async function bundle() {
  await build({
    entryPoints: Object.fromEntries(entries.map((name) => [name, join(root, "src", "main", `${name}.ts`)])),
    outdir: fresh,
    chunkNames: "chunk-[hash]",
    bundle: true,
    splitting: true,
    format: "esm",
    platform: "node",
    target: "node20.19",
    // whitespace and syntax only: names in stack traces stay readable
    minifySyntax: true,
    minifyWhitespace: true,
    legalComments: "none",
    external: ["@photostructure/sqlite", "esbuild", "onnxruntime-node"],
    // CommonJS packages inside an ES module still call require() for Node's own modules
    banner: {
      js: 'import { createRequire as __makeRequire } from "node:module"; const require = __makeRequire(import.meta.url);',
    },
    logLevel: "warning",
  });
}

/** The Python worker as one zip: sorted, with one fixed time, so that the same sources give the same bytes. */
async function workerZip() {
  const source = join(root, "python", "src");
  const members = {};
  for (const path of await filesBelow(source)) {
    const name = relative(source, path).split(sep).join("/");
    if (!/(^|\/)(__pycache__|tests?)\/|\.pyc$/.test(name)) members[name] = new Uint8Array(await readFile(path));
  }
  // fflate writes the local parts of a date: these are the same in every time zone
  const fixed = new Date(1980, 0, 1);
  return zipSync(members, { level: 9, mtime: fixed, os: 3 });
}

async function filesBelow(folder) {
  const found = [];
  for (const entry of (await readdir(folder, { withFileTypes: true })).sort((a, b) => (a.name < b.name ? -1 : 1))) {
    const path = join(folder, entry.name);
    found.push(...(entry.isDirectory() ? await filesBelow(path) : [path]));
  }
  return found;
}

async function idOf(folder) {
  const hash = createHash("sha256");
  for (const path of await filesBelow(folder)) {
    hash.update(`${relative(folder, path)}\n`).update(await readFile(path));
  }
  return hash.digest("hex").slice(0, 12);
}

/**
 * Moves every file into dist by rename, so that no reader sees half of one: what is named by its content first, then the entries
 * and the page that name it, .build last. Chunks and assets that nothing names any more are removed; running processes have loaded theirs,
 * and an open page that misses one loads itself anew.
 */
async function publish() {
  const rank = (name) =>
    name === ".build" ? 2 : entries.some((entry) => name === `${entry}.js`) || name === "web/index.html" ? 1 : 0;
  const names = (await filesBelow(fresh)).map((path) => relative(fresh, path).split(sep).join("/"));
  await mkdir(join(dist, "web", "assets"), { recursive: true });
  for (const name of names.sort((a, b) => rank(a) - rank(b))) await rename(join(fresh, name), join(dist, name));
  const chunks = (await readdir(dist)).filter((name) => name.startsWith("chunk-"));
  const assets = (await readdir(join(dist, "web", "assets"))).map((name) => `web/assets/${name}`);
  for (const name of [...chunks, ...assets]) if (!names.includes(name)) await rm(join(dist, name));
}
