import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { strToU8, zipSync } from "fflate";

/** A package index (PEP 503) on this machine with one package, so that a test of pip needs no network. */
export interface PackageIndex {
  /** Variables that send pip here, past its cache. */
  env: Record<string, string>;
  /** How often the file of the package was fetched. */
  downloads(): number;
  close(): void;
}

/** The build backend (PEP 517) of the package. While `hangFile` is there it starts a child without an environment, writes the
 * child's pid to `markFile` and hangs; else it makes a wheel. */
const backend = (hangFile: string, markFile: string) => `
import os, subprocess, time, zipfile
def build_wheel(folder, config_settings=None, metadata_directory=None):
    if os.path.exists(${JSON.stringify(hangFile)}):
        child = subprocess.Popen(["sleep", "3600"], env={})
        with open(${JSON.stringify(`${markFile}.tmp`)}, "w") as mark:
            mark.write(str(child.pid))
        os.rename(${JSON.stringify(`${markFile}.tmp`)}, ${JSON.stringify(markFile)})
        time.sleep(3600)
    name = "slowpack-1.0-py3-none-any.whl"
    with zipfile.ZipFile(os.path.join(folder, name), "w") as wheel:
        wheel.writestr("slowpack.py", "told = 'built'\\n")
        wheel.writestr("slowpack-1.0.dist-info/METADATA", "Metadata-Version: 2.1\\nName: slowpack\\nVersion: 1.0\\n")
        wheel.writestr("slowpack-1.0.dist-info/WHEEL", "Wheel-Version: 1.0\\nRoot-Is-Purelib: true\\nTag: py3-none-any\\n")
        wheel.writestr("slowpack-1.0.dist-info/RECORD", "")
    return name
`;

/** Serves the package `slowpack` as a source distribution that needs nothing else to be built. */
export async function startPackageIndex(hangFile: string, markFile: string): Promise<PackageIndex> {
  const root = "slowpack-1.0";
  const archive = zipSync({
    [`${root}/PKG-INFO`]: strToU8("Metadata-Version: 2.1\nName: slowpack\nVersion: 1.0\n"),
    [`${root}/pyproject.toml`]: strToU8(
      '[build-system]\nrequires = []\nbuild-backend = "backend"\nbackend-path = ["."]\n',
    ),
    [`${root}/backend.py`]: strToU8(backend(hangFile, markFile)),
  });
  let downloads = 0;
  const server = createServer((request, response) => {
    if (request.url === "/simple/slowpack/") {
      response.setHeader("content-type", "text/html").end(`<a href="/files/${root}.zip">${root}.zip</a>`);
    } else if (request.url === `/files/${root}.zip`) {
      downloads += 1;
      response.setHeader("content-type", "application/zip").end(archive);
    } else response.writeHead(404).end();
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return {
    env: {
      PIP_INDEX_URL: `http://127.0.0.1:${port}/simple/`,
      PIP_NO_CACHE_DIR: "1",
      PIP_FIND_LINKS: "",
      PIP_CONFIG_FILE: "/dev/null",
    },
    downloads: () => downloads,
    close: () => {
      server.closeAllConnections();
      server.close();
    },
  };
}
