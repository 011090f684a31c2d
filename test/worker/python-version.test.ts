import { execFile } from "node:child_process";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import { expect, it } from "vitest";
import { verminEnvironment } from "../python-environment.ts";

const worker = join(import.meta.dirname, "../../python/src/modelyard");

it("the worker's sources need no Python newer than 3.5", { timeout: 600_000 }, async () => {
  const vermin = join(dirname(await verminEnvironment()), "vermin");
  const args = ["--target=3.5-", "--violations", "--no-tips", "--eval-annotations", worker];
  const { stdout } = await promisify(execFile)(vermin, args).catch((error: { stdout: string }) => error);
  expect(stdout).toMatch(/Minimum required versions:.*3\.[0-5]\b/);
});
