import { z } from "zod";
import { page, required, text } from "../fields.ts";
import type { MlflowPorts } from "../ports.ts";
import { get, type Route } from "../route.ts";
import { artifactJson } from "../wire/tracking.ts";
import { runIdOf } from "./runs.ts";

/** The files of a folder below a run's or logged model's root; elsewhere than here they cannot be listed. */
async function listing({ tracking }: MlflowPorts, root: string, given: string): Promise<object> {
  const folder = given.replace(/^\/+|\/+$/g, "");
  const place = /^mlflow-artifacts:\/+(.*)$/.exec(root)?.[1];
  const entries =
    place === undefined ? [] : await tracking.artifacts.list(folder === "" ? place : `${place}/${folder}`);
  return { root_uri: root, files: entries.map(artifactJson(folder)) };
}

export const artifactListRoutes: Route[] = [
  get(
    "artifacts/list",
    z.object({ run_id: text.optional(), run_uuid: text.optional(), path: text.default(""), ...page }),
    async (ports, input) => listing(ports, (await ports.tracking.runs.get(runIdOf(input))).artifactUri, input.path),
  ),
  get(
    "logged-models/:model_id/artifacts/directories",
    z.object({ model_id: required, artifact_directory_path: text.default(""), ...page }),
    async (ports, { model_id, artifact_directory_path }) =>
      listing(ports, (await ports.tracking.loggedModels.get(model_id)).artifactUri, artifact_directory_path),
  ),
];
