import type { ReadImageParts } from "../client/files/image-source.ts";
import { readImageParts } from "../client/files/image-source.ts";
import type { OutputOf } from "../contract/operations.ts";
import type { Manifest } from "../contract/use.ts";
import { canonicalJson } from "../kernel/hash.ts";
import type { Planned } from "./events.ts";
import { type FoundModel, findModel, lackingTexts } from "./register-models.ts";
import { findService, type UpPorts } from "./up.ts";
import type { Wanted } from "./wanted.ts";

type Ports = Pick<UpPorts, "client" | "uploads">;

/** What `up` would do, without doing it: nothing is uploaded, registered or deployed. */
export async function planUp(wanted: Wanted, ports: Ports): Promise<Planned> {
  const { client, uploads } = ports;
  const models: FoundModel[] = [];
  for (const model of wanted.models) models.push(await findModel(client, model, uploads.signal));
  const parts = await readImageParts(wanted.parts, uploads.signal);
  const service = await findService(client, wanted.service, uploads.signal);
  const would = models.flatMap(sentencesOf);
  if (service === undefined) would.push(`deploy service ${wanted.service}, building its image if none stands`);
  else would.push(...(await serviceSentences(wanted, service, { models, parts }, ports)));
  return { event: "planned", service: wanted.service, would };
}

function sentencesOf({ wanted, standing }: FoundModel): string[] {
  if (wanted.path === undefined) return [];
  if (standing === undefined) return [`register ${wanted.path} as the next version of model ${wanted.name}`];
  return lackingTexts(wanted, standing) === undefined ? [] : [`change tags and texts of model ${standing.reference}`];
}

interface Content {
  models: FoundModel[];
  parts: ReadImageParts;
}

async function serviceSentences(
  wanted: Wanted,
  service: OutputOf<"getService">,
  content: Content,
  { client, uploads }: Ports,
): Promise<string[]> {
  const { signal } = uploads;
  const { manifest } = await client.getImage({ digest: service.image }, { signal });
  const changes = wanted.image === undefined ? contentChanges(manifest, content) : [];
  const sentences = service.state === "stopped" ? [`start service ${service.name}`] : [];
  if (changes.length > 0) sentences.push(`move service ${service.name} to an image with other ${changes.join(", ")}`);
  const source = await imageToCompare();
  const settings = Object.entries(wanted.settings).filter(([name]) => name !== "reason");
  for (const [name, value] of settings) {
    const now = service.settings[name as keyof typeof service.settings];
    if (canonicalJson(now) !== canonicalJson(value))
      sentences.push(`change ${name} from ${text(now)} to ${text(value)}`);
  }
  if (source !== service.image) sentences.push(`move service ${service.name} to image ${source.slice(0, 12)}`);
  return sentences;

  /** Only packages and Python can still differ: the server finds the image of the same parts at once. */
  async function imageToCompare(): Promise<string> {
    if (wanted.image !== undefined) return (await client.getImage({ digest: wanted.image }, { signal })).digest;
    if (changes.length > 0) return service.image;
    const { script, texts } = content.parts;
    const models = content.models.map(({ standing }) => standing?.reference ?? "");
    const files = script?.files.map(({ path, digest, size }) => ({ path, digest, size })) ?? [];
    const entry = script && { entry: script.entry, files };
    return (await client.buildImage({ models, ...texts, script: entry, python: wanted.python }, { signal })).digest;
  }
}

/** Which members of an image differ from what the files say, as far as the image shows them. */
function contentChanges(manifest: Manifest, { models, parts }: Content): string[] {
  const standing = models.map((model) => model.standing?.reference);
  const pinned = manifest.models.map(({ name, version }) => `${name}:${version}`);
  const files = (of: ReadImageParts["script"] | Manifest["script"]) =>
    of && {
      entry: of.entry,
      files: of.files.map(({ path, digest }) => ({ path, digest })).sort((a, b) => (a.path < b.path ? -1 : 1)),
    };
  const changes: string[] = [];
  if (canonicalJson(standing.sort()) !== canonicalJson(pinned.sort())) changes.push("models");
  if (canonicalJson(files(manifest.script) ?? null) !== canonicalJson(files(parts.script) ?? null))
    changes.push("script");
  if (parts.texts.sample !== undefined && parts.texts.sample !== manifest.sample) changes.push("sample");
  return changes;
}

const text = (value: unknown): string => (typeof value === "string" ? value : JSON.stringify(value));
