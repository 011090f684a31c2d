import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { deployScript, echoScript, score } from "../scripts.ts";
import { startServer, type TestServer } from "../server.ts";
import { cli } from "./run-cli.ts";

let server: TestServer;
beforeAll(async () => {
  server = await startServer();
});
afterAll(() => server.remove());

const run = (...args: string[]) => cli(args, { MODELYARD_URL: server.url, MODELYARD_TOKEN: server.token });

test("usage, alerts and a report of a service that was asked, as text, as a page and as JSON", async () => {
  const { scoringUri } = await deployScript(server, "watched", echoScript);
  const { primary } = await server.client.getServiceKeys({ name: "watched" });
  for (const body of ["[1]", "[2]", "not json"]) await score(scoringUri, primary, body);
  const usage = await run("usage", "show", "--every", "1h");
  expect(usage.stdout).toMatch(/^SERVICE +REQUESTS.*EVERY 1h\nwatched +3 /);
  expect(usage.stderr).toContain("Errors of watched: 500 scoring-failed ×1");
  expect((await run("usage", "who", "watched-model")).stdout).toMatch(/watched-model:1 +watched +1 +serving/);

  const refused = await run("alert", "create", "failing", "--when", "error_rate > 5");
  expect(refused.stderr).toContain("  error_rate > 5\n               ^");
  expect((await run("alert", "create", "failing", "--when", "error_rate > 5%")).stdout).toContain("every service");
  expect((await run("alert", "test", "failing")).stdout).toMatch(/watched +holds +error_rate 33.3 %/);

  const file = join(server.home, "report.html");
  const report = await run("monitor", "report", "watched", "--html", file);
  expect(report.stdout).toMatch(/^requests +3 .*█/m);
  expect(report.stderr).toContain(file);
  expect(await readFile(file, "utf8")).toMatch(/^<!doctype html>.*<svg.*<\/html>\n$/s);
  const page = await run("monitor", "report", "watched", "--html", "-");
  expect(page.stdout).toMatch(/^<!doctype html>.*<svg.*<\/html>\n$/s);
  const refusals = [
    [["--html", server.home], `--html: ${server.home} is a folder; name a file`],
    [["--html", ""], "--html: is empty"],
    [["--since", "2090-01-01"], "since: is in the future"],
  ] as const;
  for (const [flags, message] of refusals) {
    const { exitCode, stdout, stderr } = await run("monitor", "report", "watched", ...flags);
    expect([exitCode, stdout]).toEqual([2, ""]);
    expect(stderr).toContain(`Error: The request is not valid: ${message}\n`);
  }
  const json = await run("monitor", "report", "watched", "--json");
  expect(JSON.parse(json.stdout)).toMatchObject({ service: "watched", usage: { requests: 3, errors: 1 } });
});

test("a further version of a model that is live is put to use by an update of its service", async () => {
  const file = join(server.home, "further.bin");
  await writeFile(file, "weights");
  const further = await run("model", "register", file, "--name", "watched-model");
  expect(further.stderr).toContain("Next: modelyard service update watched --model watched-model:2\n");
  const other = await run("model", "register", file, "--name", "other-model");
  expect(other.stderr).toContain("Next: modelyard service deploy NAME --model other-model:1\n");
});
