import type { Client } from "../../client/client.ts";
import { downloadBytes } from "../../client/files/download.ts";
import type { TransferOptions } from "../../client/patience.ts";
import type { ModelDetail } from "../../contract/model.ts";
import { type ModelReference, parseReference } from "../../contract/reference.ts";
import { findModelByName, versionsOf } from "../models.ts";
import { type BundledModel, formatVersion, type Manifest } from "./manifest.ts";
import { type ReadBlob, writeBundle } from "./write-bundle.ts";

export interface ExportPorts {
  client: Client;
  /** Told as bytes arrive. */
  transfers: TransferOptions;
}

/** A bundle that is about to be written. */
export interface Export {
  /** `name:version` of all versions in it. */
  references: string[];
  /** Those whose bytes are elsewhere, so that the bundle has none of them. */
  external: string[];
  files: number;
  /** Bytes of the files, each counted once. */
  size: number;
  bytes: AsyncIterable<Uint8Array>;
}

/**
 * The versions that references mean, as a bundle; with `allVersions` all versions of the models they name, archived ones too.
 * Throws model-not-found, alias-not-found, model-empty.
 */
export async function exportModels(
  references: readonly string[],
  { allVersions, server, now }: { allVersions: boolean; server: string; now: number },
  ports: ExportPorts,
): Promise<Export> {
  const found = await findVersions(references.map(parseReference), allVersions, ports);
  const versions = found.map(({ services: _, reading: __, flavors: ___, params: ____, ...version }) => version);
  const models = await describeModels([...new Set(found.map(({ name }) => name))], ports);
  const manifest: Manifest = {
    ...{ format: "modelyard-bundle", formatVersion, exportedAt: now, server },
    ...{ models, versions },
  };
  const sizes = new Map(found.flatMap(({ files }) => files.map(({ digest, size }) => [digest, size])));
  return {
    references: found.map(({ reference }) => reference),
    external: found.filter(({ external }) => external).map(({ reference }) => reference),
    files: sizes.size,
    size: [...sizes.values()].reduce((sum, size) => sum + size, 0),
    bytes: writeBundle(manifest, reader(found, ports)),
  };
}

/** Each version once, in the order of their numbers, so that they are registered in it again. */
async function findVersions(
  references: readonly ModelReference[],
  allVersions: boolean,
  { client, transfers: { signal } }: ExportPorts,
): Promise<ModelDetail[]> {
  const found = new Map<string, ModelDetail>();
  for (const reference of references) {
    const { name } = reference;
    const all = allVersions ? await versionsOf(client, name, signal) : [];
    // an unknown name is told by the server
    for (const one of all.length === 0 ? [reference] : all.map(({ version }) => ({ name, version }))) {
      const version = await client.getModel(one, { signal });
      found.set(version.reference, version);
    }
  }
  return [...found.values()].sort((a, b) => (a.name === b.name ? a.version - b.version : a.name < b.name ? -1 : 1));
}

async function describeModels(names: readonly string[], ports: ExportPorts): Promise<BundledModel[]> {
  const { client, transfers } = ports;
  const models: BundledModel[] = [];
  for (const name of names) {
    const model = await findModelByName(client, name, transfers.signal);
    if (model !== undefined) models.push({ name, description: model.description, tags: model.tags });
  }
  return models;
}

/** Every blob is read from the first version that has it. */
function reader(found: readonly ModelDetail[], { client, transfers }: ExportPorts): ReadBlob {
  const places = new Map<string, { name: string; version: number; path: string }>();
  for (const { name, version, files } of found)
    for (const { digest, path } of files) if (!places.has(digest)) places.set(digest, { name, version, path });
  return async function* (digest, size) {
    const place = places.get(digest);
    if (place !== undefined) yield* downloadBytes(client, { ...place, size }, transfers);
  };
}
