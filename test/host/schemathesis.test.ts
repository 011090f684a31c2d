import { execFile } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, expect, it } from "vitest";
import { schemathesisEnvironment } from "../python-environment.ts";
import { key, makeFolder, service, startTestHost, sumsRevision, type TestHost } from "./host-fixture.ts";

const authorization = `Bearer ${key}`;
let host: TestHost;
let program: string;
const folder = makeFolder();
beforeAll(async () => {
  program = join(await schemathesisEnvironment(), "../schemathesis");
  host = await startTestHost();
  await host.serve(service([sumsRevision({ sample: '{"data":[[1,2,3]]}' })], { name: "sums" }));
}, 300_000);
afterAll(async () => {
  await host.close();
  folder.remove();
});

// Not those that ask whether exactly what is described is accepted: which values a column takes is known to the model alone (truth values count
// as numbers), and GET and OPTIONS are answered but not described, as by Azure ML's servers.
const checks = [
  "not_a_server_error",
  "status_code_conformance",
  "content_type_conformance",
  "response_headers_conformance",
  "response_schema_conformance",
  "missing_required_header",
  "ignored_auth",
].join(",");

it.each([
  "2",
  "3",
  "3.1",
])("schemathesis finds neither a 5xx nor an answer that breaks the description of version %s", async (version) => {
  const description = await host.get(`/services/sums/swagger.json?version=${version}`, { authorization });
  const file = join(folder.path, `swagger-${version}.json`);
  writeFileSync(file, description.text);
  const args = ["run", file, "--url", `${host.url}/services/sums`, "-H", `Authorization: ${authorization}`];
  args.push("--checks", checks, "--phases", "examples,coverage,fuzzing", "--max-examples", "20");
  args.push("--max-time", "10", "--generation-database", "none", "--seed", "1", "--no-color", "--workers", "1");
  const run = await promisify(execFile)(program, args, { cwd: folder.path }).catch((failed) => failed);
  expect(run.code ?? 0, run.stdout).toBe(0);
}, 120_000);
