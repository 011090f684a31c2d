import type { ImageInput } from "../contract/image.ts";
import type { Settings } from "../contract/settings.ts";
import type { Difference } from "../contract/update.ts";
import { type Upstream, upstreamText } from "../contract/upstream.ts";
import { canonicalJson, sha256 } from "../kernel/hash.ts";

/** What a service runs, or is to run: what its image is made of, the image where it stands, and the settings. */
export interface Shape {
  input: ImageInput;
  image: string | null;
  settings: Settings;
}

/** What differs between what serves and what is wanted, in words for people: models, script, packages, sample, settings. */
export function differencesOf(from: Shape, to: Shape): Difference[] {
  const before = textsOf(from);
  const after = textsOf(to);
  const named = Object.keys(after).filter((what) => before[what] !== after[what]);
  if (named.length === 0 && from.image !== to.image) return [{ what: "image", from: from.image, to: to.image }];
  return named.map((what) => ({ what, from: before[what] ?? null, to: after[what] ?? null }));
}

function textsOf({ input, settings }: Shape): Record<string, string | null> {
  const { env, recordFields, ...plain } = settings;
  return {
    models: input.models.join(", "),
    script: input.script === undefined ? null : scriptText(input.script),
    requirements:
      input.requirements
        ?.trim()
        .split(/\s*\n\s*/)
        .join(", ") ?? null,
    conda: input.conda ?? null,
    python: input.python ?? null,
    sample: input.sample ?? null,
    accelerate: input.accelerate ?? "auto",
    upstream: input.upstream === undefined ? null : serverText(input.upstream),
    ...Object.fromEntries(Object.entries(plain).map(([key, value]) => [key, String(value)])),
    recordFields: Object.entries(recordFields)
      .map((pair) => pair.join("="))
      .sort()
      .join(" "),
    // The values may be secrets: the history names the variables and tells that something changed.
    env: Object.keys(env).length === 0 ? null : `${Object.keys(env).sort().join(" ")} (${fingerprint(env)})`,
  };
}

function serverText({ health, score, authorizationFile, ...server }: Upstream): string {
  const secret = authorizationFile === undefined ? "" : `, authorization of ${authorizationFile}`;
  return `${upstreamText(server as Upstream)} (health ${health}, score ${score}${secret})`;
}

function scriptText({ entry, files }: NonNullable<ImageInput["script"]>): string {
  const content = files.map(({ path, digest }) => [path, digest]).sort(([a = ""], [b = ""]) => (a < b ? -1 : 1));
  return `${entry} (${files.length} file(s), ${sha256(canonicalJson(content)).slice(0, 12)})`;
}

const fingerprint = (env: Record<string, string>): string => sha256(canonicalJson(env)).slice(0, 8);
