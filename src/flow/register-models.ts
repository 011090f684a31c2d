import type { Client } from "../client/client.ts";
import { hashFiles, versionFiles } from "../client/files/local-files.ts";
import { uploadMissing } from "../client/files/upload.ts";
import type { TransferOptions } from "../client/patience.ts";
import type { ModelVersion } from "../contract/model.ts";
import { parseReference } from "../contract/reference.ts";
import { versionDigest } from "../kernel/version-digest.ts";
import type { WantedModel } from "./wanted.ts";

type LocalModel = Extract<WantedModel, { path: string }>;

/** A wanted model and the version that stands for it, if one does. */
export interface FoundModel {
  wanted: WantedModel;
  standing: ModelVersion | undefined;
}

/** The newest version with exactly the wanted files; a reference is looked up. Throws no-such-file, model-not-found. */
export async function findModel(client: Client, wanted: WantedModel, signal?: AbortSignal): Promise<FoundModel> {
  if (wanted.path === undefined) {
    return { wanted, standing: await client.getModel(parseReference(wanted.reference), { signal }) };
  }
  const files = await hashFiles(await versionFiles(wanted.path), signal);
  const page = await client.listModels({ name: wanted.name, digest: versionDigest(files) }, { signal });
  const fits = (version: ModelVersion) =>
    [undefined, version.framework].includes(wanted.framework) &&
    [undefined, version.frameworkVersion].includes(wanted.frameworkVersion);
  return { wanted, standing: page.items.find(fits) };
}

/** Registers the model unless it stands; sets the tags and properties a standing one lacks. */
export async function registerModel(
  client: Client,
  found: FoundModel,
  options: TransferOptions,
): Promise<{ reference: string; changed: boolean }> {
  const { wanted, standing } = found;
  const { signal } = options;
  if (standing === undefined) {
    const { path, ...texts } = wanted as LocalModel;
    const files = await uploadMissing(client, await hashFiles(await versionFiles(path), signal), options);
    const version = await client.registerModel({ ...texts, files }, { signal });
    return { reference: version.reference, changed: true };
  }
  const lacking = lackingTexts(wanted, standing);
  if (lacking === undefined) return { reference: standing.reference, changed: false };
  await client.tagModel({ name: standing.name, version: standing.version, ...lacking }, { signal });
  return { reference: standing.reference, changed: true };
}

/** What the configuration says about a standing version that the version does not say yet. */
export function lackingTexts(wanted: WantedModel, standing: ModelVersion) {
  if (wanted.path === undefined) return undefined;
  const missing = (pairs: Record<string, string> = {}, there: Record<string, string>) =>
    Object.fromEntries(Object.entries(pairs).filter(([key, value]) => there[key] !== value));
  const tags = missing(wanted.tags, standing.tags);
  const properties = missing(wanted.properties, standing.properties);
  const description = wanted.description === standing.description ? undefined : wanted.description;
  const count = Object.keys(tags).length + Object.keys(properties).length;
  return count === 0 && description === undefined ? undefined : { tags, properties, description };
}
