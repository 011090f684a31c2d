import type { EnvironmentSource } from "./environment-spec.ts";

export interface PreparedEnvironment {
  /** Names the folder under the environments root. */
  digest: string;
  /** Full version of its Python. */
  python: string;
  /** Every installed package, pinned. */
  lock: string[];
}

/** Builds environments, or finds the one that stands for the same requirements. */
export interface EnvironmentBuilder {
  prepare(request: {
    source: EnvironmentSource;
    python?: string | undefined;
    onLine: (line: string) => void;
  }): Promise<PreparedEnvironment>;
  /** Whether the environment is whole on this disk. */
  stands(digest: string): Promise<boolean>;
}
