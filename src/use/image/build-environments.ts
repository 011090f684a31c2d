import type { Exec } from "../../kernel/exec.ts";
import { findCondaTool } from "./conda-tool.ts";
import { ensureEnvironment, readEnvironment } from "./environment.ts";
import { environmentSpec } from "./environment-spec.ts";
import { interpreterForSpec } from "./interpreter-for-spec.ts";
import { findInterpreters } from "./interpreters.ts";
import type { EnvironmentBuilder } from "./prepare-environment.ts";

export interface EnvironmentPorts {
  exec: Exec;
  toolEnvironment: Record<string, string>;
  /** Root of all environments. */
  folder: string;
  /** Keeps what was found out of interpreters. */
  cacheFolder: string;
}

/** Environments on this machine: a source becomes a specification, an interpreter is chosen for it, pip or conda builds it once. */
export function environmentBuilder({
  exec,
  toolEnvironment,
  folder,
  cacheFolder,
}: EnvironmentPorts): EnvironmentBuilder {
  return {
    async prepare({ source, python, onLine }) {
      const spec = environmentSpec(source, { python: python ?? null, condaTool: await findCondaTool(toolEnvironment) });
      const tools = { exec, toolEnvironment, cacheFolder, onLine };
      const interpreter =
        spec.kind === "conda" ? null : await interpreterForSpec(spec, await findInterpreters(tools), tools);
      const { digest, pythonVersion, lock } = await ensureEnvironment({
        spec,
        interpreter,
        folder,
        exec,
        toolEnvironment,
        onLine,
      });
      return { digest, python: pythonVersion, lock };
    },
    stands: async (digest) => (await readEnvironment(folder, digest)) !== undefined,
  };
}
