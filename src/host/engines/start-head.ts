import type { WantedRevision } from "../../contract/host.ts";
import type { StartHead } from "./worker-frames.ts";

/** What a worker of a revision is told first. */
export function startHead(service: string, revision: WantedRevision): StartHead {
  return {
    type: "start",
    service,
    revision: revision.number,
    models: revision.models.map(({ name, version, path, files, framework, input }) => ({
      name,
      version,
      path,
      files,
      ...(framework === null ? {} : { framework }),
      ...(input === undefined ? {} : { input }),
    })),
    script: revision.script,
    timeoutMs: revision.timeoutMs,
    ...(revision.quiet === true ? { quiet: true } : {}),
  };
}
