import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";
import { expect, it } from "vitest";

const tests = join(import.meta.dirname, "../../python/tests");

it("the Python worker passes its own suite on this machine's python3", { timeout: 120_000 }, async () => {
  const run = promisify(execFile)("python3", ["-B", "-m", "unittest", "discover", "-s", tests]);
  const { stderr } = await run; // unittest reports on stderr, and exits with 1 when a test fails
  expect(stderr).toMatch(/\nOK( \(skipped=\d+\))?\n$/);
});
