import { dirname } from "node:path";
import type { WantedRevision } from "../../contract/host.ts";

/** A revision whose workers are Pythons. */
export type PythonRevision = WantedRevision & { python: string };

/**
 * The whole environment of a worker. Nothing is inherited from the host, so its secrets never reach user code.
 * `home` is a folder of its own; `extra` are the variables of the machine that numerical libraries need.
 * Names follow Azure ML's inference server, so its entry scripts run unchanged.
 */
export function workerEnvironment(
  service: string,
  revision: PythonRevision,
  home: string,
  extra: Record<string, string>,
): Record<string, string> {
  return {
    PATH: `${dirname(revision.python)}:/usr/local/bin:/usr/bin:/bin`,
    LANG: "C.UTF-8",
    HOME: home,
    PYTHONUNBUFFERED: "1",
    // an image is immutable: no __pycache__ beside its files
    PYTHONDONTWRITEBYTECODE: "1",
    OMP_NUM_THREADS: "1",
    OPENBLAS_NUM_THREADS: "1",
    ...extra,
    SERVICE_NAME: service,
    ...modelDirectory(revision),
    ...scriptVariables(service, revision),
    ...revision.env,
  };
}

/** What Azure ML's inference server tells a script, with the values that are true here. A folder that is absolute stays so when it is joined. */
function scriptVariables(service: string, { script, number, timeoutMs }: WantedRevision): Record<string, string> {
  if (script === null) return {};
  return {
    AML_APP_ROOT: script.folder,
    AZUREML_SOURCE_DIRECTORY: script.folder,
    AZUREML_ENTRY_SCRIPT: script.entry,
    SERVICE_VERSION: String(number),
    SERVICE_PATH_PREFIX: `services/${service}`,
    WORKSPACE_NAME: "modelyard",
    SCORING_TIMEOUT_MS: String(timeoutMs),
    WORKER_COUNT: "1",
    WORKER_TIMEOUT: "300",
    WORKER_PRELOAD: "false",
    AML_APP_INSIGHTS_ENABLED: "false",
    AML_MODEL_DC_STORAGE_ENABLED: "true",
    AZUREML_LOG_LEVEL: "INFO",
  };
}

/**
 * The whole environment of a server that is started for a revision: the same without what is Python's own, and the port where it must listen.
 */
export function serverEnvironment(
  service: string,
  revision: WantedRevision,
  place: { home: string; port: number; extra: Record<string, string> },
): Record<string, string> {
  return {
    PATH: "/usr/local/bin:/usr/bin:/bin",
    LANG: "C.UTF-8",
    HOME: place.home,
    PYTHONUNBUFFERED: "1",
    ...place.extra,
    SERVICE_NAME: service,
    PORT: String(place.port),
    ...modelDirectory(revision),
    ...revision.env,
  };
}

/** One model: the folder of its version. Several: the `azureml-models` folder above all of them. */
export function modelDirectory({ models }: Pick<WantedRevision, "models">): { AZUREML_MODEL_DIR?: string } {
  const [first] = models;
  if (first === undefined) return {};
  return { AZUREML_MODEL_DIR: models.length === 1 ? first.path : dirname(dirname(first.path)) };
}
