import { isThere, uploadStream } from "../../client/files/upload-stream.ts";
import { ModelyardError } from "../../contract/errors.ts";
import { importModel } from "../import/import-model.ts";
import {
  emptyResult,
  type ImportOptions,
  type ImportPorts,
  type ImportResult,
  type Incoming,
  type IncomingModel,
} from "../import/incoming.ts";
import type { BundledVersion, Manifest } from "./manifest.ts";
import { type OpenBundle, readBundle } from "./read-bundle.ts";

/**
 * Imports all versions of a bundle. Its bytes are uploaded and compared to its end before the first version is registered, so a
 * bundle that is damaged or made up leaves nothing to see. Throws bundle-invalid, digest-mismatch, unsafe-path.
 */
export async function importBundle(
  bundle: { name: string; bytes: AsyncIterable<Uint8Array> },
  options: ImportOptions,
  ports: ImportPorts,
): Promise<ImportResult> {
  return readBundle(bundle.name, bundle.bytes, async (open) => {
    const { manifest } = open;
    const models = incomingModels(manifest);
    if (options.name !== undefined && models.length > 1)
      throw new ModelyardError("invalid-input", {
        problems: `--name: ${bundle.name} holds ${models.length} models; give a name to one of them only`,
      });
    await uploadLacking(open, ports);
    const result = emptyResult();
    for (const model of models) await importModel(model, result, options, ports);
    return result;
  });
}

/** Every blob is read and compared; those the server lacks are uploaded on the way. */
async function uploadLacking({ manifest, blobs }: OpenBundle, { client, uploads, tell }: ImportPorts): Promise<void> {
  let count = 0;
  let size = 0;
  for await (const blob of blobs) {
    const { digest, bytes } = blob;
    if (await isThere(client, digest, uploads.signal)) for await (const _ of bytes);
    else {
      await uploadStream(client, { ...blob, path: `${digest.slice(0, 12)}…` }, uploads);
      count += 1;
      size += blob.size;
    }
  }
  const sent = count === 0 ? "the server has all of their bytes" : `${count} file(s), ${size} bytes sent`;
  tell(`${manifest.versions.length} version(s) read, digests verified; ${sent}`);
}

function incomingModels(manifest: Manifest): IncomingModel[] {
  const names = [...new Set(manifest.versions.map(({ name }) => name))];
  return names.map((name) => {
    const { description = null, tags = {} } = manifest.models.find((model) => model.name === name) ?? {};
    const versions = manifest.versions.filter((version) => version.name === name).sort((a, b) => a.version - b.version);
    return { name, description, tags, versions: versions.map((version) => incomingVersion(version, manifest)) };
  });
}

/** The place a version was first registered is kept, through whatever servers it came. */
function incomingVersion(version: BundledVersion, { server }: Manifest): Incoming {
  const { reference, createdAt, createdBy, digest, aliases, stage, archivedAt } = version;
  const { origin, parent, ...lineage } = version.lineage;
  const { parent: firstParent, ...first } = origin ?? { server, reference, createdAt, createdBy };
  const { files, tags, properties, metrics, source, signature, sample, description } = version;
  const { framework, frameworkVersion } = version;
  const said = Object.entries({ source, signature, sample, description, framework, frameworkVersion });
  return {
    origin: first,
    digest,
    aliases,
    stage,
    archived: archivedAt !== null,
    prepare: async () => ({
      input: {
        ...{ files, tags, properties, metrics },
        ...Object.fromEntries(said.filter(([, value]) => value !== null)),
        lineage: { ...lineage, parent: firstParent ?? parent },
      },
    }),
  };
}
