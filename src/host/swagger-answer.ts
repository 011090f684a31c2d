import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { ModelyardError } from "../contract/errors.ts";
import type { WantedRevision } from "../contract/host.ts";
import { type Answer, jsonAnswer } from "./answer.ts";
import type { Call } from "./languages/language.ts";
import { queryOf } from "./routes.ts";
import { mainRevision, type Service } from "./service-table.ts";
import { openApiOf, swaggerOf } from "./swagger.ts";

/** What a version is called in the query, and in the schemas of a script. */
const versions = new Map([
  ["2", "2.0"],
  ["2.0", "2.0"],
  ["3", "3.0"],
  ["3.0", "3.0"],
  ["3.1", "3.1"],
]);

/** Files beside an entry script that stand in for what would be made. */
const ownFiles: Record<string, readonly string[]> = {
  "2.0": ["swagger.json", "swagger2.json"],
  "3.0": ["swagger3.json"],
  "3.1": ["swagger3.1.json"],
};

/** `GET /swagger.json?version=2|3|3.1`, as Azure ML's servers describe themselves. Errors: swagger-version-unknown, not-running. */
export async function swaggerAnswer(call: Call, service: Service, basePath: string): Promise<Answer> {
  const { wanted: revision, script } = mainRevision(service);
  const asked = queryOf(call.asked).get("version") ?? "2";
  const version = versions.get(asked);
  const known = script?.schema?.versions ?? [...versions.values()];
  if (version === undefined || !known.includes(version)) {
    const supported = ["2", "3", "3.1"].filter((one) => known.includes(versions.get(one) ?? "")).join(", ");
    const problem =
      version === undefined
        ? "valid. Supported versions:"
        : "supported for the scoring script. Supported swagger versions:";
    throw new ModelyardError("swagger-version-unknown", { version: asked.slice(0, 100), problem, supported });
  }
  const own = await readOwn(revision, ownFiles[version] ?? []);
  if (own !== undefined) return jsonAnswer(200, own);
  const place = { host: call.request.headers.host, basePath, scheme: call.request.secure ? "https" : "http" } as const;
  const described = { service: service.wanted.name, place, revision, schema: script?.schema };
  return jsonAnswer(
    200,
    version === "2.0" ? swaggerOf(described) : openApiOf(described, version === "3.0" ? "3.0.3" : "3.1.0"),
  );
}

async function readOwn({ script }: WantedRevision, names: readonly string[]): Promise<unknown> {
  if (script === null) return undefined;
  for (const name of names) {
    try {
      return JSON.parse(await readFile(join(script.folder, name), "utf8"));
    } catch {
      // none, or none that can be shown
    }
  }
  return undefined;
}
