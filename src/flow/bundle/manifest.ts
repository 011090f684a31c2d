import { z } from "zod";
import { ModelyardError } from "../../contract/errors.ts";
import { checkPaths } from "../../contract/file-paths.ts";
import { aliasNameSchema, modelDetailSchema, modelSchema } from "../../contract/model.ts";
import { operations } from "../../contract/operations.ts";
import { versionDigest } from "../../kernel/version-digest.ts";

/**
 * A bundle is an uncompressed tar: `modelyard.json` first, then every blob once as `blobs/sha256/<digest>`, nothing else.
 * docs/decisions/0015-bundles.md says why.
 */
export const manifestName = "modelyard.json";
export const formatVersion = 1;
/** Bytes of a manifest. It is held in memory as a whole. */
export const manifestLimit = 64 << 20;
const maxVersions = 10_000;

const blobPrefix = "blobs/sha256/";
export const blobName = (digest: string): string => `${blobPrefix}${digest}`;
/** The digest of a blob's name, undefined for any other. */
export const digestOfName = (name: string): string | undefined =>
  /^[0-9a-f]{64}$/.test(name.slice(blobPrefix.length)) && name.startsWith(blobPrefix)
    ? name.slice(blobPrefix.length)
    : undefined;

const bundledVersionSchema = modelDetailSchema
  .omit({ services: true, reading: true, flavors: true, params: true })
  .extend({ aliases: z.array(aliasNameSchema).max(1000) });
export type BundledVersion = z.output<typeof bundledVersionSchema>;

const bundledModelSchema = modelSchema.pick({ name: true, description: true, tags: true });
export type BundledModel = z.output<typeof bundledModelSchema>;

const manifestSchema = z.object({
  format: z.literal("modelyard-bundle"),
  formatVersion: z.literal(formatVersion),
  exportedAt: z.number().int().describe("Milliseconds since 1970-01-01 UTC"),
  server: z.string().max(2000).describe("URL of the server it was exported from"),
  models: z.array(bundledModelSchema).max(maxVersions),
  versions: z.array(bundledVersionSchema).min(1).max(maxVersions),
});
export type Manifest = z.output<typeof manifestSchema>;

/** Where a bundle comes from, for messages. */
export const refuse = (bundle: string, reason: string): ModelyardError =>
  new ModelyardError("bundle-invalid", { bundle, reason });

/** Reads the text of a manifest and checks all that can be told without the bytes. Throws bundle-invalid, unsafe-path. */
export function readManifest(bundle: string, text: string): Manifest {
  const value = parse(bundle, text) as { format?: unknown; formatVersion?: unknown } | null;
  if (value?.format !== "modelyard-bundle") throw refuse(bundle, `${manifestName} is not that of a bundle`);
  if (typeof value.formatVersion === "number" && value.formatVersion > formatVersion)
    throw refuse(bundle, `it has format ${value.formatVersion}; this Modelyard reads up to ${formatVersion}`);
  const parsed = manifestSchema.safeParse(value);
  if (!parsed.success) throw refuse(bundle, problemsOf(manifestName, parsed.error));
  const seen = new Set<string>();
  for (const version of parsed.data.versions) {
    if (seen.has(version.reference)) throw refuse(bundle, `${version.reference} is in it twice`);
    seen.add(version.reference);
    checkVersion(bundle, version);
  }
  sizesOfBlobs(bundle, parsed.data);
  return parsed.data;
}

function parse(bundle: string, text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw refuse(bundle, `${manifestName} is not JSON: ${(error as Error).message.slice(0, 200)}`);
  }
}

function checkVersion(bundle: string, version: BundledVersion): void {
  const { name, reference, files, digest, source } = version;
  if (reference !== `${name}:${version.version}`)
    throw refuse(bundle, `${reference} is not ${name}:${version.version}`);
  checkPaths(files.map(({ path }) => path));
  if (versionDigest(files) !== digest) throw refuse(bundle, `the digest of ${reference} is not that of its files`);
  if (files.length === 0 && source === null) throw refuse(bundle, `${reference} has neither files nor a source`);
  const { framework, frameworkVersion, signature, sample, description } = version;
  const said = Object.entries({ framework, frameworkVersion, signature, sample, description, source });
  const given = Object.fromEntries(said.filter(([, value]) => value !== null));
  const { tags, properties, metrics, lineage } = version;
  const parsed = operations.registerModel.input.safeParse({
    name,
    files,
    tags,
    properties,
    metrics,
    lineage,
    ...given,
  });
  if (!parsed.success) throw refuse(bundle, problemsOf(reference, parsed.error));
}

/** The bytes every blob has, by digest. Throws bundle-invalid when two files say different sizes. */
export function sizesOfBlobs(bundle: string, { versions }: Pick<Manifest, "versions">): Map<string, number> {
  const sizes = new Map<string, number>();
  for (const { files, reference } of versions)
    for (const { digest, size, path } of files) {
      if ((sizes.get(digest) ?? size) !== size) throw refuse(bundle, `${reference} says another size of ${path}`);
      sizes.set(digest, size);
    }
  return sizes;
}

function problemsOf(where: string, { issues }: z.ZodError): string {
  const told = issues.slice(0, 3).map(({ path, message }) => `${[where, ...path].join(".")}: ${message}`);
  return `${told.join("; ")}${issues.length > 3 ? `; and ${issues.length - 3} more` : ""}`;
}
