import type { WantedFile, WantedModel, WantedRevision, WantedService } from "../contract/host.ts";
import { sha256 } from "../kernel/hash.ts";
import { tokenSecretOf } from "../kernel/service-token.ts";
import { compiledFolder, type ImageFolders, interpreterOf, modelFolder, sourceFolder } from "./image/layout.ts";
import { onnxFilesOf } from "./image/onnx-file.ts";
import type { StoredImage } from "./image/rows.ts";
import { recordingRule } from "./record-rules.ts";
import type { StoredRevision, StoredService } from "./rows.ts";

const toVerify = (files: readonly WantedFile[]): WantedFile[] => files.map(({ path, digest }) => ({ path, digest }));

function planRevision(
  folders: ImageFolders,
  revision: StoredRevision,
  image: StoredImage,
  { share, quiet }: { share: number; quiet: boolean },
): WantedRevision {
  const { digest, manifest } = image;
  const { script, environment } = manifest;
  return {
    number: revision.revision,
    share,
    image: digest,
    python: environment === null ? null : interpreterOf(folders, environment),
    ...(manifest.upstream === undefined ? {} : { upstream: manifest.upstream }),
    models: manifest.models.map((model) => planModel(folders, image, model)),
    script:
      script === null
        ? null
        : { folder: sourceFolder(folders, digest), entry: script.entry, files: toVerify(script.files) },
    env: revision.settings.env,
    replicas: revision.settings.replicas,
    ...(revision.settings.memoryMb === 0 ? {} : { memoryMb: revision.settings.memoryMb }),
    timeoutMs: revision.settings.timeoutMs,
    maxQueueWaitMs: revision.settings.maxQueueWaitMs,
    signature: manifest.signature,
    ...(quiet ? { quiet } : {}),
    sample: manifest.sample,
  };
}

/** The setting, and what services on Azure ML are told in a variable. */
function corsOf({ corsOrigins, env }: StoredService["settings"]): Pick<WantedService, "corsOrigins"> {
  const named = (env.AML_CORS_ORIGINS ?? "").split(",").map((origin) => origin.trim());
  const all = [...corsOrigins, ...named.filter((origin) => origin !== "")];
  return all.length === 0 ? {} : { corsOrigins: all };
}

function planModel(
  folders: ImageFolders,
  { digest, manifest: { engine, compiled } }: StoredImage,
  { name, version, framework, files }: StoredImage["manifest"]["models"][number],
): WantedModel {
  if (compiled !== undefined) {
    const { file, input } = compiled;
    return { name, version, framework, path: compiledFolder(folders, digest), files: toVerify([file]), input };
  }
  const path = modelFolder(folders, digest, name, version);
  return { name, version, framework, path, files: toVerify(engine === "onnx" ? onnxFilesOf(files) : files) };
}

/** What a host is to run for a service: its active revision with all traffic, and a candidate without; of a stopped one nothing. Pure. */
export function planService(
  folders: ImageFolders,
  service: StoredService,
  revisions: readonly { revision: StoredRevision; image: StoredImage }[],
): WantedService {
  const { settings, keys } = service;
  // those of all revisions also while it is stopped: what is asked of it then is recorded as well
  const record = recordingRule(
    settings,
    revisions.map(({ image }) => image.manifest),
  );
  const active = revisions.find(({ revision }) => revision.state === "active");
  const isStopped = service.wanted === "stopped";
  return {
    name: service.name,
    auth: settings.auth,
    keyDigests: [sha256(keys.primary), sha256(keys.secondary)],
    tokenSecret: tokenSecretOf(keys),
    maxBodyBytes: settings.maxBodyBytes,
    maxConcurrentRequests: settings.maxConcurrentRequests,
    ...corsOf(settings),
    ...(settings.collect === "off" ? { collect: false } : {}),
    record,
    ...(isStopped ? { isElsewhere: active?.image.manifest.upstream !== undefined } : {}),
    revisions: (isStopped ? [] : revisions).map(({ revision, image }) =>
      planRevision(folders, revision, image, {
        share: revision.state === "active" ? 100 : 0,
        quiet: recordingRule(revision.settings, [image.manifest]).fields !== undefined,
      }),
    ),
  };
}
