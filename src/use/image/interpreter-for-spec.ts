import { ModelyardError } from "../../contract/errors.ts";
import { canonicalJson, sha256 } from "../../kernel/hash.ts";
import type { EnvironmentSpec } from "./environment-spec.ts";
import { chooseInterpreter, type Interpreter, inOrder, searchedText } from "./interpreters.ts";
import { readCache, writeCache } from "./json-cache.ts";
import type { ToolPorts } from "./pip.ts";
import { isPlainVersion, satisfies } from "./python-version.ts";
import { hasVersion, makeWheelProbe, pinnedRequirements, type WheelProbe } from "./wheels.ts";

/** What choosing takes: the tool ports, the folder of kept answers, and who hears what is being looked for. */
export interface ChoicePorts extends ToolPorts {
  cacheFolder?: string;
  onLine?: (line: string) => void;
  signal?: AbortSignal;
}

const cacheName = "interpreter-choices.json";
const cacheLimit = 500;
/** Every minor version that may be named as the one that is needed. */
const knownMinors = Array.from({ length: 9 }, (_, i) => `3.${i + 6}`);

/** ["3.7", "3.8", "3.9", "3.11"] as "3.7 … 3.9, 3.11". */
export function minorRanges(minors: readonly string[]): string {
  const numbers = minors.map((minor) => Number(minor.split(".")[1])).sort((a, b) => a - b);
  const runs: [number, number][] = [];
  for (const number of numbers) {
    const last = runs.at(-1);
    if (last && last[1] === number - 1) last[1] = number;
    else runs.push([number, number]);
  }
  return runs.map(([from, to]) => (from === to ? `3.${from}` : `3.${from} … 3.${to}`)).join(", ");
}

/** A probe that asks the same question once. */
function askingOnce(probe: WheelProbe): WheelProbe {
  const answers = new Map<string, Promise<string | undefined>>();
  const missing: WheelProbe["missing"] = (minor, requirements) => {
    const key = [minor, ...requirements].join("\n");
    const answer = answers.get(key) ?? probe.missing(minor, requirements);
    answers.set(key, answer);
    return answer;
  };
  return { missing, versions: probe.versions };
}

/** The minor versions that have wheels of all the requirements. */
async function fittingMinors(probe: WheelProbe, requirements: readonly string[], without: ReadonlySet<string>) {
  const minors: string[] = [];
  for (const minor of knownMinors) {
    if (!without.has(minor) && (await probe.missing(minor, requirements)) === undefined) minors.push(minor);
  }
  return minors;
}

async function refuseUnknownVersion(probe: WheelProbe, requirement: string): Promise<void> {
  const versions = await probe.versions(requirement);
  if (hasVersion(requirement, versions)) return;
  const reason =
    versions.length === 0
      ? "the index has no package of this name"
      : `the index has no such version; it has ${versions.length > 6 ? "… " : ""}${versions.slice(-6).join(", ")}`;
  throw new ModelyardError("package-not-found", { requirement, reason, log: "not needed: nothing was built" });
}

/** The first candidate with wheels of everything, else the requirements that were missing. */
async function firstFitting(
  candidates: readonly Interpreter[],
  pinned: readonly string[],
  probe: WheelProbe,
  onLine: ((line: string) => void) | undefined,
): Promise<{ interpreter: Interpreter } | { culprits: string[] }> {
  const culprits = new Set<string>();
  for (const interpreter of candidates) {
    const missing = await probe.missing(interpreter.minor, pinned);
    if (missing === undefined) return { interpreter };
    onLine?.(`Python ${interpreter.version} is passed over: there is no wheel of ${missing} for it`);
    // an unknown version fits no Python at all: that is said after one question, not after one for each Python
    if (!culprits.has(missing)) await refuseUnknownVersion(probe, missing);
    culprits.add(missing);
  }
  return { culprits: [...culprits] };
}

/** Those of the requirements that have a wheel for no Python at all. */
async function sourceOnly(probe: WheelProbe, requirements: readonly string[]): Promise<string[]> {
  const found: string[] = [];
  for (const requirement of requirements)
    if ((await fittingMinors(probe, [requirement], new Set())).length === 0) found.push(requirement);
  return found;
}

/** Asks for one interpreter after the other; a requirement that is a wheel nowhere is left to pip, to build from source. */
async function search(
  spec: EnvironmentSpec,
  interpreters: readonly Interpreter[],
  candidates: readonly Interpreter[],
  probe: WheelProbe,
  onLine: ((line: string) => void) | undefined,
): Promise<Interpreter | undefined> {
  const asked = new Set(candidates.map(({ minor }) => minor));
  let pinned = pinnedRequirements(spec.requirements);
  while (pinned.length > 0) {
    const found = await firstFitting(candidates, pinned, probe, onLine);
    if ("interpreter" in found) return found.interpreter;
    const built = await sourceOnly(probe, found.culprits);
    if (built.length === 0) throw await notInstalled(spec, interpreters, pinned, found.culprits, probe, asked);
    onLine?.(`no Python has a wheel of ${built.join(", ")}: pip builds from source`);
    pinned = pinned.filter((requirement) => !built.includes(requirement));
  }
  return candidates[0];
}

/**
 * The interpreter to build a specification with. A wanted version is obeyed; otherwise, in the order default first, then
 * newest first, the one for which wheels of all pinned packages exist, which pip is asked for (1 to 2 s each). The choice
 * is kept in the cache folder, so that a second build needs no network.
 * A package that has no wheel for any Python does not count: pip builds it from source.
 * Throws `interpreter-not-found` naming the Python that is needed, `package-not-found`, `environment-failed` (network).
 */
export async function interpreterForSpec(
  spec: EnvironmentSpec,
  interpreters: readonly Interpreter[],
  ports: ChoicePorts,
): Promise<Interpreter> {
  const wanted = spec.python ?? undefined;
  const fallback = chooseInterpreter(interpreters, wanted);
  const probe = makeWheelProbe(interpreters, spec.requirements, ports);
  const isOpen = wanted === undefined || !isPlainVersion(wanted);
  if (!isOpen || !probe || pinnedRequirements(spec.requirements).length === 0) return fallback;
  const candidates = inOrder(interpreters, wanted);
  const choices = await readCache<string>(ports.cacheFolder, cacheName);
  const key = sha256(canonicalJson([spec.requirements, candidates.map(({ path }) => path)]));
  const kept = candidates.find(({ path }) => path === choices[key]);
  if (kept) return kept;
  const chosen = (await search(spec, interpreters, candidates, askingOnce(probe), ports.onLine)) ?? fallback;
  const entries = [...Object.entries(choices), [key, chosen.path]].slice(-cacheLimit);
  await writeCache(ports.cacheFolder, cacheName, Object.fromEntries(entries));
  return chosen;
}

async function notInstalled(
  spec: EnvironmentSpec,
  interpreters: readonly Interpreter[],
  pinned: readonly string[],
  culprits: readonly string[],
  probe: WheelProbe,
  asked: ReadonlySet<string>,
): Promise<ModelyardError> {
  const allowed = (minor: string) => spec.python === null || satisfies(`${minor}.99`, spec.python);
  const minors = (await fittingMinors(probe, pinned, asked)).filter(allowed);
  const [first = ""] = culprits;
  const alone = minors.length > 0 ? minors : await fittingMinors(probe, [first], new Set());
  const reason = minors.length > 0 ? culprits.join(", ") : first;
  return new ModelyardError("interpreter-not-found", {
    wanted: `${minorRanges(alone)} (for ${reason})`,
    searched: searchedText(interpreters),
    example: alone.at(-1) ?? "3.12",
  });
}
