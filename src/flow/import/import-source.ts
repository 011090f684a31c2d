import { createReadStream } from "node:fs";
import { ModelyardError } from "../../contract/errors.ts";
import type { Web } from "../web.ts";
import { importLocal } from "./import-local.ts";
import type { ImportOptions, ImportPorts, ImportResult } from "./incoming.ts";
import { isWebAddress, kindOfSource, type SourceKind } from "./kind-of-source.ts";

/** What is imported, and how. */
export interface WantedImport extends ImportOptions {
  /** A path, an address, or `-` for stdin. */
  source: string;
  /** What it is; found out when it is left out. */
  kind?: SourceKind | undefined;
  /** Models of an MLflow server; none mean all. */
  models: readonly string[];
}

export interface ImportSourcePorts extends ImportPorts {
  web: Web;
  /** Variables with the credentials of an MLflow server. */
  env: Record<string, string | undefined>;
  stdin: AsyncIterable<Uint8Array | string>;
}

/** Imports whatever a source is. Throws invalid-input for flags that do not fit it, and what the kinds throw. */
export async function importSource(
  wanted: WantedImport,
  ports: ImportSourcePorts,
): Promise<ImportResult & { kind: SourceKind }> {
  const { source, models, name } = wanted;
  const kind = wanted.kind ?? (await kindOfSource(source));
  if (models.length > 0 && kind !== "mlflow-server")
    throw new ModelyardError("invalid-input", { problems: "--model chooses models of an MLflow server" });
  if (kind === "mlflow-server") {
    if (!isWebAddress(source) || !URL.canParse(source))
      throw new ModelyardError("invalid-input", {
        problems: `${source} is no address such as http://mlflow.example:5000`,
      });
    if (name !== undefined && models.length !== 1)
      throw new ModelyardError("invalid-input", { problems: "--name goes with exactly one --model" });
    const [{ mlflowServer }, { importServer }] = await Promise.all([
      import("../mlflow/server.ts"),
      import("../mlflow/import-server.ts"),
    ]);
    return { kind, ...(await importServer(mlflowServer(ports.web, source, authorization(ports.env)), wanted, ports)) };
  }
  if (kind !== "bundle") return { kind, ...(await importLocal(source, kind, wanted, ports)) };
  const { importBundle } = await import("../bundle/import-bundle.ts");
  const isStdin = source === "-";
  const bytes = isStdin ? bytesOf(ports.stdin) : createReadStream(source, { highWaterMark: 1 << 18 });
  return { kind, ...(await importBundle({ name: isStdin ? "the bundle" : source, bytes }, wanted, ports)) };
}

/** What MLflow's own client sends (https://mlflow.org/docs/latest/self-hosting/security/basic-http-auth). */
function authorization(env: Record<string, string | undefined>): string | undefined {
  const { MLFLOW_TRACKING_TOKEN: token, MLFLOW_TRACKING_USERNAME: user, MLFLOW_TRACKING_PASSWORD: password } = env;
  if (user && password) return `Basic ${Buffer.from(`${user}:${password}`).toString("base64")}`;
  return token ? `Bearer ${token}` : undefined;
}

async function* bytesOf(input: AsyncIterable<Uint8Array | string>): AsyncGenerator<Uint8Array> {
  for await (const chunk of input) yield typeof chunk === "string" ? Buffer.from(chunk) : chunk;
}
