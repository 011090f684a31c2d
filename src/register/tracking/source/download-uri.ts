import type { ModelVersion } from "../../../contract/model.ts";
import type { Db } from "../../../kernel/db.ts";
import { uriOfVersion } from "../artifacts/paths.ts";
import { mustFindRun } from "../runs/runs.ts";
import { parseSource } from "./parse-source.ts";

/**
 * Where the files of a version are read: its frozen files, or for bytes that are not here the place that its source names.
 */
export async function downloadUri(
  db: Db,
  { name, version, source, external }: Pick<ModelVersion, "name" | "version" | "source" | "external">,
): Promise<string> {
  if (!external || source === null) return uriOfVersion(name, version);
  if (!source.startsWith("runs:")) return source;
  const parsed = parseSource(source);
  if (parsed.kind !== "run") return source;
  const { artifactUri } = await mustFindRun(db, parsed.runId);
  return parsed.path === "" ? artifactUri : `${artifactUri}/${parsed.path}`;
}
