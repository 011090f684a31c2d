import type { ReadImageParts } from "../client/files/image-source.ts";
import { readImageParts } from "../client/files/image-source.ts";
import type { ImageInput } from "../contract/image.ts";
import type { OutputOf } from "../contract/operations.ts";
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
  const { input } = await client.getImage({ digest: service.image }, { signal });
  const changes = wanted.image === undefined ? contentChanges(input, wanted, content) : [];
  const sentences = service.state === "stopped" ? [`start service ${service.name}`] : [];
  if (changes.length > 0) sentences.push(`move service ${service.name} to an image with other ${changes.join(", ")}`);
  const settings = Object.entries(wanted.settings).filter(([name]) => name !== "reason");
  for (const [name, value] of settings) {
    const now = service.settings[name as keyof typeof service.settings];
    if (canonicalJson(now) !== canonicalJson(value))
      sentences.push(`change ${name} from ${text(now)} to ${text(value)}`);
  }
  if (wanted.image !== undefined) {
    const { digest } = await client.getImage({ digest: wanted.image }, { signal });
    if (digest !== service.image) sentences.push(`move service ${service.name} to image ${digest.slice(0, 12)}`);
  }
  return sentences;
}

/** Which parts of an image differ between what was asked for before and what the files say now. */
function contentChanges(before: ImageInput, wanted: Wanted, { models, parts }: Content): string[] {
  const scriptOf = (script: ReadImageParts["script"] | ImageInput["script"]) =>
    script && {
      entry: script.entry,
      files: script.files.map(({ path, digest }) => ({ path, digest })).sort((a, b) => (a.path < b.path ? -1 : 1)),
    };
  const now = {
    ...parts.texts,
    models: models.map(({ standing }) => standing?.reference),
    script: scriptOf(parts.script),
    python: wanted.python,
    accelerate: wanted.accelerate ?? "auto",
    upstream: wanted.upstream,
  };
  const then = { ...before, accelerate: before.accelerate ?? "auto", script: scriptOf(before.script) };
  const names = ["models", "script", "requirements", "conda", "python", "sample", "accelerate", "upstream"] as const;
  return names.filter((name) => canonicalJson(now[name] ?? null) !== canonicalJson(then[name] ?? null));
}

const text = (value: unknown): string => (typeof value === "string" ? value : JSON.stringify(value));
