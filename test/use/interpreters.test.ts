import { mkdir, mkdtemp, rm, symlink, utimes, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { ModelyardError } from "../../src/contract/errors.ts";
import { type Exec, makeExec } from "../../src/kernel/exec.ts";
import { environmentSpec } from "../../src/use/image/environment-spec.ts";
import { interpreterForSpec, minorRanges } from "../../src/use/image/interpreter-for-spec.ts";
import { chooseInterpreter, findInterpreters, type Interpreter } from "../../src/use/image/interpreters.ts";
import { compareVersions, sameVersion, satisfies } from "../../src/use/image/python-version.ts";
import { pinnedRequirements } from "../../src/use/image/wheels.ts";
import { toolEnvironment } from "./tool-environment.ts";

let folder: string;
let interpreters: Interpreter[];
let calls = 0;
const exec: Exec = (command) => {
  calls++;
  return makeExec()(command);
};

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "modelyard-interpreters-"));
  interpreters = await findInterpreters({ exec, toolEnvironment, cacheFolder: folder });
}, 60_000);
afterAll(() => rm(folder, { recursive: true, force: true }));

const python = (version: string, more: Partial<Interpreter> = {}): Interpreter => ({
  path: `/opt/python-${version}`,
  version,
  minor: version.split(".").slice(0, 2).join("."),
  implementation: "cpython",
  hasVenv: true,
  pipVersion: "23.0",
  isDefault: false,
  ...more,
});

describe("the interpreters of this machine", () => {
  it("are found once each, newest first, with one default, and none older than 3.6", () => {
    expect(interpreters.length).toBeGreaterThan(0);
    expect(new Set(interpreters.map(({ path }) => path)).size).toBe(interpreters.length);
    expect(interpreters.filter(({ isDefault }) => isDefault)).toHaveLength(1);
    for (const { version, minor } of interpreters) {
      expect(compareVersions(version, "3.6")).toBeGreaterThanOrEqual(0);
      expect(version.startsWith(`${minor}.`)).toBe(true);
    }
    const versions = interpreters.map(({ version }) => version);
    expect(versions).toEqual(versions.toSorted((a, b) => compareVersions(b, a)));
  });

  it("are known without asking the second time", async () => {
    calls = 0;
    expect(await findInterpreters({ exec, toolEnvironment, cacheFolder: folder })).toEqual(interpreters);
    expect(calls).toBe(0);
  });

  it("are found in pyenv's and uv's folders without a HOME, and again when a file has changed", async () => {
    const root = join(folder, "managed");
    const real = interpreters[0]?.path ?? "";
    for (const parts of [["versions", "a", "bin"], ["uv", "b", "bin"], ["shims"]])
      await mkdir(join(root, ...parts), { recursive: true });
    const wrapper = join(root, "versions", "a", "bin", "python3");
    await writeFile(wrapper, `#!/bin/sh\nexec "${real}" "$@"\n`, { mode: 0o755 });
    await symlink(real, join(root, "uv", "b", "bin", "python3"));
    const environment = { PATH: join(root, "shims"), UV_PYTHON_INSTALL_DIR: join(root, "uv") };
    const ports = { exec, toolEnvironment: environment, cacheFolder: join(root, "cache") };
    expect((await findInterpreters(ports)).map(({ path }) => path)).toEqual([real]);
    calls = 0;
    await findInterpreters(ports);
    expect(calls).toBe(0);
    await utimes(wrapper, 1, 1);
    await findInterpreters(ports);
    expect(calls).toBe(1);
  });

  it("that fail, print nonsense or are too old are left out", async () => {
    const bin = join(folder, "bin");
    await mkdir(bin);
    await writeFile(join(bin, "python3"), "#!/bin/sh\nexit 1\n", { mode: 0o755 });
    await writeFile(join(bin, "python3.9"), "#!/bin/sh\necho hello\n", { mode: 0o755 });
    const old = JSON.stringify({ ...python("2.7.18"), path: "/bin/sh" });
    await writeFile(join(bin, "python"), `#!/bin/sh\necho '${old}'\n`, { mode: 0o755 });
    expect(await findInterpreters({ exec, toolEnvironment: { PATH: `${bin}:/usr/bin/none` } })).toEqual([]);
  });
});

describe("choosing an interpreter", () => {
  const some = [
    python("3.12.1"),
    python("3.11.7", { isDefault: true }),
    python("3.9.18"),
    python("3.9.2"),
    python("3.13.0", { implementation: "pypy" }),
  ];
  it("takes the newest that matches, and the default without a wish", () => {
    expect(chooseInterpreter(some).version).toBe("3.11.7");
    expect(chooseInterpreter(some, "3").version).toBe("3.12.1");
    expect(chooseInterpreter(some, "3.9").version).toBe("3.9.18");
    expect(chooseInterpreter(some, "3.9.2").version).toBe("3.9.2");
    expect(chooseInterpreter(some, ">=3.8,<3.12").version).toBe("3.11.7");
  });

  it("says what was wanted and what is there when none matches", () => {
    const choose = () => chooseInterpreter(some.slice(0, 1), "3.1");
    expect(choose).toThrow(
      "Python 3.1 is needed and is not on this machine; looked for it in 3.12.1 (/opt/python-3.12.1)",
    );
  });

  it("reads versions as pip does", () => {
    expect(satisfies("3.10.1", "3.1")).toBe(false);
    expect(satisfies("3.10.1", "~=3.8")).toBe(true);
    expect(satisfies("3.10.1", "==3.10.*,!=3.10.1")).toBe(false);
    expect(sameVersion("1.0", "1.0.0")).toBe(true);
    expect(sameVersion("1.0.2.*", "1.0.2.post1")).toBe(true);
    expect(sameVersion("1.10", "1.1")).toBe(false);
    expect(minorRanges(["3.7", "3.9", "3.8", "3.11"])).toBe("3.7 … 3.9, 3.11");
    expect(pinnedRequirements(["--pre", "a==1", "b>=1", 'c==1; os_name == "x"', "d[x]===2 --hash=sha256:a"])).toEqual([
      "a==1",
      "d[x]===2",
    ]);
  });
});

describe("the interpreter for pinned packages", () => {
  const spec = (text: string) => environmentSpec({ kind: "requirements", text });
  const among = (minors: string[]) => interpreters.filter(({ minor }) => minors.includes(minor));
  const ports = () => ({ exec, toolEnvironment, cacheFolder: folder });

  it("is the default where a wheel exists, and is remembered", async () => {
    const chosen = await interpreterForSpec(spec("six==1.16.0"), interpreters, ports());
    expect(chosen.isDefault).toBe(true);
    calls = 0;
    expect(await interpreterForSpec(spec("six==1.16.0"), interpreters, ports())).toEqual(chosen);
    expect(calls).toBe(0);
  }, 60_000);

  it("is another installed one where the default has no wheel", async ({ skip }) => {
    const two = among(["3.9", "3.12"]).map((one) => ({ ...one, isDefault: one.minor === "3.12" }));
    if (two.length < 2) skip("this machine has no Python 3.9 and 3.12");
    const lines: string[] = [];
    const chosen = await interpreterForSpec(spec("markupsafe==2.0.1"), two, {
      ...ports(),
      onLine: (line) => lines.push(line),
    });
    expect(chosen.minor).toBe("3.9");
    expect(lines.join()).toContain("no wheel of markupsafe==2.0.1");
  }, 60_000);

  it("is named when it is not installed", async ({ skip }) => {
    const one = among(["3.12"]).slice(0, 1);
    if (one.length === 0) skip("this machine has no Python 3.12");
    const choice = interpreterForSpec(spec("markupsafe==2.0.1"), one, ports());
    await expect(choice).rejects.toMatchObject({
      code: "interpreter-not-found",
      details: { wanted: "3.6 … 3.10 (for markupsafe==2.0.1)", searched: `${one[0]?.version} (${one[0]?.path})` },
    });
  }, 120_000);

  it("is not looked for when the version does not exist at all", async () => {
    const error = await interpreterForSpec(spec("six==99.0"), interpreters, ports()).catch(
      (thrown: ModelyardError) => thrown,
    );
    expect(error).toMatchObject({ code: "package-not-found", details: { requirement: "six==99.0" } });
    expect(String(error)).toContain("1.16.0");
  }, 60_000);

  it("is not blamed on the package when the index cannot be reached", async () => {
    const offline = {
      ...toolEnvironment,
      PIP_INDEX_URL: "http://127.0.0.1:9/simple",
      PIP_RETRIES: "0",
      PIP_FIND_LINKS: "",
    };
    const choice = interpreterForSpec(spec("six==1.15.0"), interpreters, { exec, toolEnvironment: offline });
    await expect(choice).rejects.toMatchObject({ code: "environment-failed" });
  }, 60_000);
});
