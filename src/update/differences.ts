import type { Difference } from "../contract/update.ts";
import type { Settings } from "../contract/use.ts";
import { canonicalJson, sha256 } from "../kernel/hash.ts";
import { modelsOf, type StoredImage } from "../use/image/rows.ts";

interface Shape {
  image: StoredImage;
  settings: Settings;
}

/** What differs between what serves and what is wanted, in words for people: models, script, environment, sample, settings. */
export function differencesOf(from: Shape, to: Shape): Difference[] {
  const before = textsOf(from);
  const after = textsOf(to);
  const named = Object.keys(after).filter((what) => what !== "image" && before[what] !== after[what]);
  const changed = named.length > 0 || before.image === after.image ? named : ["image"];
  return changed.map((what) => ({ what, from: before[what] ?? null, to: after[what] ?? null }));
}

function textsOf({ image, settings }: Shape): Record<string, string | null> {
  const { script, environment, sample, signature } = image.manifest;
  const { env, ...plain } = settings;
  return {
    image: image.digest,
    models: modelsOf(image.manifest).join(", "),
    script:
      script === null ? null : `${script.entry} (${script.files.map((file) => file.digest.slice(0, 12)).join(" ")})`,
    python: environment.python,
    packages: environment.lock.join(" "),
    sample,
    signature: canonicalJson(signature),
    ...Object.fromEntries(Object.entries(plain).map(([key, value]) => [key, String(value)])),
    // The values may be secrets: the history names the variables and tells that something changed.
    env: Object.keys(env).length === 0 ? null : `${Object.keys(env).sort().join(" ")} (${fingerprint(env)})`,
  };
}

const fingerprint = (env: Record<string, string>): string => sha256(canonicalJson(env)).slice(0, 8);
