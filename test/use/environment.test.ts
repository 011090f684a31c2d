import { chmod, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { ModelyardError } from "../../src/contract/errors.ts";
import { makeExec } from "../../src/kernel/exec.ts";
import {
  cleanEnvironments,
  type EnvironmentRequest,
  ensureEnvironment,
  readEnvironment,
} from "../../src/use/image/environment.ts";
import { environmentSpec } from "../../src/use/image/environment-spec.ts";
import { chooseInterpreter, findInterpreters } from "../../src/use/image/interpreters.ts";
import { standingEnvironments } from "../standing-environments.ts";
import { toolEnvironment } from "./tool-environment.ts";

const exec = makeExec();
const cacheFolder = join(await standingEnvironments(), "cache");
const interpreters = await findInterpreters({ exec, toolEnvironment, cacheFolder });
const interpreter = chooseInterpreter(interpreters);
const spec = (text: string) => environmentSpec({ kind: "requirements", text });

let home: string;
let folder: string;
beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), "modelyard-environment-"));
  folder = join(home, "environments");
});
afterEach(() => rm(home, { recursive: true, force: true }));

const request = (text: string, more: Partial<EnvironmentRequest> = {}): EnvironmentRequest => ({
  ...{ spec: spec(text), interpreter, folder, exec, toolEnvironment },
  ...more,
});
const whatIsThere = () => readdir(folder).catch(() => []);

describe("an environment", () => {
  it("is built once for all who ask at the same time, holds what is pinned, and is found again", async () => {
    const heard: string[][] = [[], []];
    const both = await Promise.all(
      heard.map((lines) => ensureEnvironment(request("six==1.16.0", { onLine: (line) => lines.push(line) }))),
    );
    expect(both.map(({ built }) => built).sort()).toEqual([false, true]);
    const [environment] = both;
    expect(environment?.lock).toEqual(["six==1.16.0"]);
    expect(environment?.pythonVersion).toBe(interpreter.version);
    for (const lines of heard) expect(lines.join("\n")).toContain("Successfully installed six-1.16.0");
    const python = environment?.python ?? "";
    const run = await exec({ argv: [python, "-c", "import six; print(six.__version__)"], env: {} });
    expect(run.stdout).toBe("1.16.0\n");
    const log = await readFile(join(home, "logs", `environment-${environment?.digest.slice(0, 16)}.log`), "utf8");
    expect(log.trim().split("\n")).toEqual(heard[0]);
    expect(await ensureEnvironment(request("SIX==1.16.0 # again"))).toEqual({ ...environment, built: false });
    expect(await whatIsThere()).toEqual([environment?.digest]);
  }, 120_000);

  it("with a package that does not exist leaves nothing but its log, which the failure names with the line", async () => {
    const error = await ensureEnvironment(request("six\nno-such-package-of-modelyard==1.0")).catch((thrown) => thrown);
    expect(error).toBeInstanceOf(ModelyardError);
    expect(error).toMatchObject({
      code: "package-not-found",
      details: { requirement: "no-such-package-of-modelyard==1.0" },
    });
    expect(await whatIsThere()).toEqual([]);
    expect(await readFile(error.details.log, "utf8")).toContain("No matching distribution found");
  }, 120_000);

  it("that is given up half-way leaves nothing, unless another still waits for it", async () => {
    const leaver = new AbortController();
    const leaving = ensureEnvironment(request("six==1.15.0", { signal: leaver.signal, onLine: () => leaver.abort() }));
    await expect(leaving).rejects.toThrow("aborted");
    expect(await whatIsThere()).toEqual([]);

    const other = new AbortController();
    const left = ensureEnvironment(request("six==1.15.0", { signal: other.signal, onLine: () => other.abort() }));
    const staying = ensureEnvironment(request("six==1.15.0"));
    await expect(left).rejects.toThrow("aborted");
    expect((await staying).lock).toEqual(["six==1.15.0"]);
  }, 120_000);

  it("that a crash left half-built is built anew, as is one whose Python has been removed; rubbish goes at the start of the server", async () => {
    const first = await ensureEnvironment(request(""));
    expect(first.lock).toEqual([]);
    await rm(join(first.folder, "environment.json"));
    await writeFile(join(first.folder, "rubbish"), "");
    expect(await readEnvironment(folder, first.digest)).toBeUndefined();
    const again = await ensureEnvironment(request(""));
    expect(again).toEqual(first);
    expect(await readdir(again.folder)).not.toContain("rubbish");
    await rm(again.python);
    expect((await ensureEnvironment(request(""))).built).toBe(true);

    await mkdir(join(folder, "0".repeat(64)));
    await mkdir(join(folder, "kept"));
    expect(await cleanEnvironments(folder)).toEqual(["0".repeat(64)]);
    expect((await whatIsThere()).sort()).toEqual([first.digest, "kept"].sort());
  }, 120_000);

  it("of a Python without venv fails with the package to install", async () => {
    const without = { ...interpreter, hasVenv: false };
    const error = await ensureEnvironment(request("", { interpreter: without })).catch((thrown) => thrown);
    expect(error.code).toBe("environment-failed");
    expect(error.message).toContain("python3-venv");
  });

  it("without a network fails saying so", async () => {
    const offline = {
      ...toolEnvironment,
      PIP_INDEX_URL: "http://127.0.0.1:9/simple",
      PIP_RETRIES: "0",
      PIP_FIND_LINKS: "",
    };
    const error = await ensureEnvironment(request("six==1.14.0", { toolEnvironment: offline })).catch((e) => e);
    expect(error.code).toBe("environment-failed");
    expect(error.message).toContain("the package index cannot be reached");
    expect(await whatIsThere()).toEqual([]);
  }, 120_000);

  for (const minor of ["3.6", "3.7", "3.13"])
    it(`is built with Python ${minor} and its own pip`, async ({ skip }) => {
      const old = interpreters.find((one) => one.minor === minor);
      if (!old) return skip(`this machine has no Python ${minor}`);
      const environment = await ensureEnvironment(request("six==1.16.0", { interpreter: old }));
      expect(environment.lock).toEqual(["six==1.16.0"]);
      expect(environment.pythonVersion).toBe(old.version);
    }, 120_000);
});

describe("an environment that only conda can build", () => {
  const text = "channels: [conda-forge]\ndependencies: [python=3.8, gdal, six, {pip: [azureml-core, tabulate]}]";

  /** Stands in for micromamba: records its arguments and makes an environment with a Python and conda's record. */
  async function fakeMicromamba(exit = 0): Promise<Record<string, string>> {
    const bin = join(home, "bin");
    await mkdir(bin);
    const script = `#!/bin/sh
printf '%s\\n' "$@" > "${home}/argv"
if [ ${exit} != 0 ]; then echo "error    libmamba  nothing provides requested gdal 99*" >&2; exit ${exit}; fi
mkdir -p "$4/bin" "$4/conda-meta"
echo '{}' > "$4/conda-meta/gdal-3.1.0-py38_0.json"
printf '#!/bin/sh\\nexec "${interpreter.path}" "$@"\\n' > "$4/bin/python"
chmod +x "$4/bin/python"
`;
    await writeFile(join(bin, "micromamba"), script);
    await chmod(join(bin, "micromamba"), 0o755);
    return { ...toolEnvironment, PATH: `${bin}:${toolEnvironment.PATH}` };
  }

  it("is built by micromamba where it is on the PATH", async () => {
    const environment = await fakeMicromamba();
    const conda = environmentSpec({ kind: "conda", text }, { condaTool: join(home, "bin", "micromamba") });
    const built = await ensureEnvironment(
      request("", { spec: conda, interpreter: null, toolEnvironment: environment }),
    );
    const prefix = join(built.folder, "venv");
    const argv = (await readFile(join(home, "argv"), "utf8")).trim().split("\n");
    expect(argv).toEqual(["create", "-y", "-p", prefix, "-f", join(built.folder, "environment.yml")]);
    expect(built.lock).toContain("conda:gdal-3.1.0-py38_0");
    expect(built.pythonVersion).toBe(interpreter.version);
    const file = await readFile(join(built.folder, "environment.yml"), "utf8");
    expect(file).toContain("tabulate");
    expect(file).not.toContain("azureml-core");
  }, 60_000);

  it("names the package that no channel has", async () => {
    const environment = await fakeMicromamba(1);
    const conda = environmentSpec({ kind: "conda", text }, { condaTool: join(home, "bin", "micromamba") });
    const failed = ensureEnvironment(request("", { spec: conda, interpreter: null, toolEnvironment: environment }));
    await expect(failed).rejects.toMatchObject({ code: "package-not-found", details: { requirement: "gdal 99*" } });
    expect(await whatIsThere()).toEqual([]);
  }, 60_000);
});
