import { mkdir, readFile, writeFile } from "node:fs/promises";
import { basename, join } from "node:path";
import { promisify } from "node:util";
import { brotliCompress, constants, gzip } from "node:zlib";
import { build } from "esbuild";
import { directImports } from "./direct-imports.mjs";

/**
 * Builds the pages into `folder`: index.html, which still has `{{nonce}}` in it for the server to fill, and assets/ with a hash of
 * their content in each name, beside each its .br and .gz.
 */
export async function buildWeb(root, folder) {
  const source = join(root, "web");
  const assets = join(folder, "assets");
  await mkdir(assets, { recursive: true });
  const shared = {
    outdir: assets,
    absWorkingDir: root,
    entryNames: "[name]-[hash]",
    chunkNames: "chunk-[hash]",
    assetNames: "[name]-[hash]",
    bundle: true,
    format: "esm",
    platform: "browser",
    target: ["chrome120", "firefox120", "safari17"],
    jsx: "automatic",
    minify: true,
    legalComments: "none",
    metafile: true,
    plugins: [directImports(root)],
    logLevel: "warning",
  };
  // what runs beside the page is a program of its own, and the page is told its name
  const hasher = join(source, "src", "features", "register", "upload", "hash-worker.ts");
  const [worker] = outputsOf(await build({ ...shared, entryPoints: [hasher] }));
  const page = await build({
    ...shared,
    entryPoints: [join(source, "src", "main.tsx")],
    splitting: true,
    define: {
      "process.env.NODE_ENV": '"production"',
      hashWorkerAddress: JSON.stringify(`/assets/${worker.name}`),
    },
  });
  const built = [worker, ...outputsOf(page)];
  const entry = built.find(({ name }) => /^main-.*\.js$/.test(name));
  const style = built.find(({ name }) => /^main-.*\.css$/.test(name));
  const html = (await readFile(join(source, "index.html"), "utf8"))
    .replace("{{script}}", `/assets/${entry.name}`)
    .replace("{{style}}", `/assets/${style.name}`)
    .replace("<!-- preload -->", () => preloads(built, entry));
  await writeFile(join(folder, "index.html"), html);
  await writeFile(join(assets, "icon.svg"), await readFile(join(source, "icon.svg")));
  await Promise.all(built.map(({ name }) => compress(join(assets, name))));
}

const outputsOf = ({ metafile }) =>
  Object.entries(metafile.outputs).map(([path, output]) => ({ name: basename(path), ...output }));

/** Links by which a browser asks at once for all that the first script needs, in place of one level after the other. */
function preloads(built, entry) {
  const needed = new Set([entry.name]);
  for (const name of needed)
    for (const { path, kind } of built.find((one) => one.name === name)?.imports ?? [])
      if (kind === "import-statement") needed.add(basename(path));
  needed.delete(entry.name);
  return [...needed].map((name) => `<link rel="modulepreload" href="/assets/${name}" />`).join("\n    ");
}

/** Beside a file what a server sends of it to clients that take it smaller. */
async function compress(path) {
  const bytes = await readFile(path);
  const quality = { params: { [constants.BROTLI_PARAM_QUALITY]: 10 } };
  await writeFile(`${path}.br`, await promisify(brotliCompress)(bytes, quality));
  await writeFile(`${path}.gz`, await promisify(gzip)(bytes, { level: 9 }));
}
