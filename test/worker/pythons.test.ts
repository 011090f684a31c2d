import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";
import { describe, expect, it } from "vitest";
import { makeExec } from "../../src/kernel/exec.ts";
import { findInterpreters, inOrder } from "../../src/use/image/interpreters.ts";
import { standingEnvironments } from "../standing-environments.ts";
import { toolEnvironment } from "../use/tool-environment.ts";

const tests = join(import.meta.dirname, "../../python/tests");
const cacheFolder = join(await standingEnvironments(), "cache");
const found = inOrder(await findInterpreters({ exec: makeExec(), toolEnvironment, cacheFolder }));

/** What a Python without packages leaves out; `python-suite.test.ts` runs these tests where the packages are. */
const leftOut = /not installed|no inference-schema/;

describe("the Python worker passes its own suite", { timeout: 600_000 }, () => {
  for (const minor of ["3.6", "3.7", "3.8", "3.9", "3.10", "3.11", "3.12", "3.13"]) {
    const python = found.find((one) => one.minor === minor)?.path ?? "";
    const title = `on Python ${minor}${python === "" ? " (skipped: it is not on this machine)" : ""}`;
    it.skipIf(python === "")(title, async () => {
      // unittest reports on stderr, and exits with 1 when a test fails
      const { stderr } = await promisify(execFile)(python, ["-B", "-m", "unittest", "discover", "-v", "-s", tests], {
        cwd: tests,
        maxBuffer: 1 << 26,
      });
      expect(stderr).toMatch(/\nRan [1-9]\d\d tests[\s\S]*\nOK( \(skipped=\d+\))?\n$/);
      const skipped = [...stderr.matchAll(/ \.\.\. skipped (.*)$/gm)].map(([, reason = ""]) => reason);
      expect(skipped.filter((reason) => !leftOut.test(reason))).toEqual([]);
    });
  }
});
