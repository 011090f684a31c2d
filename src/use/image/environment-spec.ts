import { ModelyardError } from "../../contract/errors.ts";
import { canonicalJson, sha256 } from "../../kernel/hash.ts";
import { translateConda } from "./conda.ts";
import { compareVersions } from "./python-version.ts";
import { normaliseName, parseRequirements, type Requirements, requirementLines } from "./requirements.ts";

/** What an environment is made from. Two equal specifications with the same Python share one environment. */
export interface EnvironmentSpec {
  /** Who builds it: `venv` and pip, or conda. */
  kind: "venv" | "conda";
  /** The wanted Python ("3.9", "3.9.18", ">=3.6,<3.9"), or null when any that has the packages will do. */
  python: string | null;
  /** Canonical lines for pip, options first; empty for kind `conda`. */
  requirements: string[];
  /** The canonical conda file; only for kind `conda`. */
  conda?: string;
  /** What the person should know of how the source was read. Not part of the digest. */
  notes: string[];
}

/** A package that a pickle names, with the version it was written with where the pickle tells. */
export interface NamedPackage {
  name: string;
  version: string | null;
}

/** Where the packages come from; `nothing` is a script that needs only the standard library. */
export type EnvironmentSource =
  | { kind: "requirements"; text: string; file?: string }
  | { kind: "conda"; text: string; file?: string }
  | { kind: "pickle"; packages: readonly NamedPackage[]; numpyMajor: number | null }
  | { kind: "nothing" };

/** Azure ML's own packages: heavy, obsolete, and not needed, because the worker supplies what scripts use of them. */
const obsolete = new Set(["azureml-defaults", "azureml-core", "azureml-sdk", "azureml-monitoring"]);
const isDropped = (name: string): boolean => obsolete.has(name);

/** Top-level modules whose package has another name. */
const packageOfModule = new Map([
  ["sklearn", "scikit-learn"],
  ["skimage", "scikit-image"],
  ["pil", "pillow"],
  ["cv2", "opencv-python-headless"],
  ["yaml", "pyyaml"],
]);
/** Their versions are not in a pickle, and any that fits scikit-learn's own requirements reads it. */
const openVersions = new Set(["numpy", "scipy", "pandas", "joblib", "threadpoolctl"]);

/**
 * What an old scikit-learn needs of its companions and its own metadata does not say. Tried, not guessed: builds before
 * 1.4.2 are made for numpy 1; 0.23 uses `np.float`, which numpy 1.24 removed; 0.24 imports `pinv2`, which scipy 1.9 removed.
 */
function companionsOf(scikitLearn: string): Map<string, string> {
  if (compareVersions(scikitLearn, "1.0") < 0)
    return new Map([
      ["numpy", "<1.24"],
      ["scipy", "<1.9"],
    ]);
  return new Map(compareVersions(scikitLearn, "1.4.2") < 0 ? [["numpy", "<2"]] : []);
}

function withoutObsolete(source: Requirements, notes: string[]): Requirements {
  const dropped = new Set(source.requirements.map(({ name }) => name).filter(isDropped));
  for (const name of dropped) notes.push(`${name} is not installed: the worker supplies what entry scripts use of it`);
  return { ...source, requirements: source.requirements.filter(({ name }) => !isDropped(name)) };
}

/** Adds the companions an old scikit-learn needs, where the source leaves them open and does not insist on hashes. */
function withCompanions(source: Requirements, notes: string[]): Requirements {
  const specifierOf = (name: string) => source.requirements.find((one) => one.name === name)?.specifier;
  const pinned = /^==(\d[^,*]*?)(?:\.\*)?$/.exec(specifierOf("scikit-learn") ?? "")?.[1];
  const hashed = source.requirements.some(({ text }) => text.includes(" --hash="));
  if (pinned === undefined || hashed || source.options.includes("--require-hashes")) return source;
  const open = (name: string) => ["", "<2"].includes(specifierOf(name) ?? "");
  const added = new Map([...companionsOf(pinned)].filter(([name, bound]) => open(name) && specifierOf(name) !== bound));
  if (added.size === 0) return source;
  const bounds = [...added].map(([name, bound]) => `${name}${bound}`);
  notes.push(`${listed(bounds)} added: scikit-learn ${pinned} does not work with newer ones`);
  const others = source.requirements.filter(({ name }) => !added.has(name)).map(({ text }) => text);
  return { ...source, requirements: parseRequirements([...others, ...bounds].join("\n")).requirements };
}

function listed(names: string[]): string {
  return names.length < 2 ? names.join("") : `${names.slice(0, -1).join(", ")} and ${names.at(-1)}`;
}

function fromPickle(packages: readonly NamedPackage[], numpyMajor: number | null): Requirements {
  const versions = new Map<string, string | null>();
  for (const { name, version } of packages) {
    const normal = packageOfModule.get(name.toLowerCase()) ?? normaliseName(name);
    versions.set(normal, version ?? versions.get(normal) ?? null);
  }
  const unknown = [...versions].filter(([name, version]) => version === null && !openVersions.has(name));
  const missing = unknown.map(([name]) => name).sort();
  if (missing.length > 0)
    throw new ModelyardError("packages-unknown", {
      problem: `no ${listed(missing)} version in this file`,
      file: "requirements.txt",
    });
  if (numpyMajor !== null && !versions.has("numpy")) versions.set("numpy", null);
  const lines = [...versions].map(([name, version]) => {
    if (version !== null) return `${name}==${version}`;
    if (name !== "numpy" || numpyMajor === null) return name;
    return numpyMajor < 2 ? "numpy<2" : `numpy>=${numpyMajor}`;
  });
  return parseRequirements(lines.join("\n"), "the model");
}

function fromConda(
  { text, file }: { text: string; file?: string },
  wanted: string | null,
  condaTool: string | null,
  notes: string[],
): EnvironmentSpec {
  const translation = translateConda(text, isDropped, file, wanted);
  const { python, unsupported, conda } = translation;
  const requirements = withoutObsolete(translation.requirements, notes);
  if (unsupported.length === 0) {
    notes.push(...translation.notes);
    return { kind: "venv", python, requirements: requirementLines(withCompanions(requirements, notes)), notes };
  }
  if (condaTool === null) throw new ModelyardError("conda-not-supported", { packages: unsupported });
  notes.push(`${condaTool} builds the environment: ${listed(unsupported)} can only be installed by conda`);
  return { kind: "conda", python, requirements: [], conda, notes };
}

/**
 * The specification of an environment. `python` is an explicit wish and wins over that of a conda file; `condaTool` is
 * the path of micromamba or conda, used only for files that need it.
 * Throws `environment-file-invalid`, `conda-not-supported`, `packages-unknown`.
 */
export function environmentSpec(
  source: EnvironmentSource,
  { python, condaTool = null }: { python?: string | null; condaTool?: string | null } = {},
): EnvironmentSpec {
  const notes: string[] = [];
  const wanted = python ?? null;
  if (source.kind === "conda") {
    const spec = fromConda(source, wanted, condaTool, notes);
    if (wanted !== null && spec.python !== null && spec.python !== wanted)
      notes.push(`Python ${wanted} was asked for and is used instead of the ${spec.python} of the file`);
    return { ...spec, python: wanted ?? spec.python };
  }
  if (source.kind === "nothing") return { kind: "venv", python: wanted, requirements: [], notes };
  const read =
    source.kind === "pickle"
      ? fromPickle(source.packages, source.numpyMajor)
      : withoutObsolete(parseRequirements(source.text, source.file), notes);
  return { kind: "venv", python: wanted, requirements: requirementLines(withCompanions(read, notes)), notes };
}

/**
 * The digest (64 hexadecimal digits) that names an environment: its specification and the Python it is built with.
 * `interpreter` is null for kind `conda`, where conda brings its own.
 */
export function specDigest(
  spec: EnvironmentSpec,
  interpreter: { minor: string; implementation: string } | null,
): string {
  const { kind, requirements, conda } = spec;
  const python = interpreter ? `${interpreter.implementation} ${interpreter.minor}` : spec.python;
  return sha256(canonicalJson({ kind, python, requirements, conda }));
}
