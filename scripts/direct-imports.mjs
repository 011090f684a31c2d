import { readFile } from "node:fs/promises";
import { dirname, extname, join } from "node:path";

/** Packages whose index only passes on what its files export. */
const packages = ["@mantine/core", "@mantine/hooks"];

/**
 * An esbuild plugin that has what a file imports from the index of such a package come from the file that makes it. Code is split by what
 * files lead to: through the index every page would lead to every component that any page uses.
 */
export function directImports(root) {
  return {
    name: "direct-imports",
    async setup({ onLoad }) {
      const placesOf = Object.fromEntries(
        await Promise.all(packages.map(async (name) => [name, await placesIn(root, name)])),
      );
      onLoad({ filter: /[\\/](web[\\/]src|@mantine)[\\/].*\.(tsx?|mjs)$/ }, async ({ path }) => ({
        contents: directed(await readFile(path, "utf8"), placesOf),
        loader: { ".ts": "ts", ".tsx": "tsx", ".mjs": "js" }[extname(path)],
      }));
    },
  };
}

/** Where each name of a package's index is made, and under which name. */
async function placesIn(root, name) {
  const index = join(root, "node_modules", name, "esm", "index.mjs");
  const text = await readFile(index, "utf8");
  const places = new Map();
  for (const [, names, from] of text.matchAll(/^import \{ ([^}]+) \} from "([^"]+)";$/gm))
    for (const one of names.split(", ")) {
      const [made, called = made] = one.split(" as ");
      places.set(called, { made, from: from.startsWith(".") ? join(dirname(index), from) : from });
    }
  return places;
}

function directed(text, placesOf) {
  return text.replace(/^import\s*\{([^}]*)\}\s*from\s*"(@mantine\/\w+)";/gm, (whole, names, from) => {
    const places = placesOf[from];
    if (places === undefined) return whole;
    const wanted = names.split(",").flatMap((name) => (/^\s*(type\s|$)/.test(name) ? [] : [name.trim()]));
    const lines = wanted.map((name) => {
      const [imported, called = imported] = name.split(/\s+as\s+/);
      const place = places.get(imported);
      return place === undefined
        ? `import { ${name} } from "${from}";`
        : `import { ${place.made} as ${called} } from ${JSON.stringify(place.from)};`;
    });
    return lines.join("");
  });
}
