import { realpath } from "node:fs/promises";
import { ModelyardError } from "../../contract/errors.ts";
import type { Exec } from "../../kernel/exec.ts";
import { type Candidate, findCandidates } from "./interpreter-candidates.ts";
import { readCache, writeCache } from "./json-cache.ts";
import { compareVersions, satisfies } from "./python-version.ts";

/** A Python 3.6 or newer on this machine. */
export interface Interpreter {
  /** Its executable, links resolved. */
  path: string;
  /** "3.11.7" */
  version: string;
  /** "3.11" */
  minor: string;
  /** "cpython", "pypy" … */
  implementation: string;
  /** Whether `python -m venv` works: Debian ships Python without it. */
  hasVenv: boolean;
  pipVersion: string | null;
  /** True for the `python3` a shell would run. */
  isDefault: boolean;
}

/** What finding interpreters takes: `toolEnvironment` gives PATH, HOME, PYENV_ROOT …; `cacheFolder` keeps the answers. */
export interface InterpreterPorts {
  exec: Exec;
  toolEnvironment: Record<string, string>;
  cacheFolder?: string;
}

type Answer = Omit<Interpreter, "isDefault">;

const askTimeoutMs = 10_000;
const cacheName = "interpreters.json";
const oldest = "3.6";

/** Runs on Python 2 as well, so that an old one answers and is then left out. */
const question = `
import json, os, platform, sys
def has(*names):
    try:
        for name in names:
            __import__(name)
        return True
    except Exception:
        return False
pip = None
if has("pip"):
    pip = getattr(sys.modules["pip"], "__version__", None)
print(json.dumps({
    "path": os.path.realpath(sys.executable),
    "version": "%d.%d.%d" % sys.version_info[:3],
    "minor": "%d.%d" % sys.version_info[:2],
    "implementation": platform.python_implementation().lower(),
    "hasVenv": has("venv", "ensurepip"),
    "pipVersion": pip,
}))
`;

async function ask(file: string, ports: InterpreterPorts): Promise<Answer | undefined> {
  const { code, stdout } = await ports.exec({
    argv: [file, "-E", "-s", "-c", question],
    cwd: "/",
    env: ports.toolEnvironment,
    timeoutMs: askTimeoutMs,
  });
  if (code !== 0) return undefined;
  try {
    const answer = JSON.parse(stdout.trim().split("\n").at(-1) ?? "") as Answer;
    return { ...answer, path: await realpath(answer.path) };
  } catch {
    return undefined;
  }
}

/** Calls `work` on every item, two at a time: asking an interpreter is mostly waiting for the disk. */
async function twoAtOnce<T>(items: readonly T[], work: (item: T) => Promise<void>): Promise<void> {
  const queue = [...items];
  const worker = async () => {
    for (let item = queue.shift(); item !== undefined; item = queue.shift()) await work(item);
  };
  await Promise.all([worker(), worker()]);
}

/** A missing pip or venv may be installed tomorrow without any trace in the interpreter's file: it is asked for again. */
const isLasting = (answer: Answer): boolean =>
  compareVersions(answer.version, oldest) < 0 || (answer.hasVenv && answer.pipVersion !== null);

function gather(candidates: Candidate[], answers: Map<string, Answer>): Interpreter[] {
  const byPath = new Map<string, Interpreter>();
  for (const { key, isDefault } of candidates) {
    const answer = answers.get(key);
    if (!answer || compareVersions(answer.version, oldest) < 0) continue;
    const known = byPath.get(answer.path);
    byPath.set(answer.path, { ...answer, isDefault: isDefault || (known?.isDefault ?? false) });
  }
  return [...byPath.values()].sort(
    (a, b) => compareVersions(b.version, a.version) || Number(b.isDefault) - Number(a.isDefault),
  );
}

/**
 * The Pythons from 3.6 on this machine, newest first: those on the PATH, of pyenv and of uv.
 * Each is asked once, for at most 10 s; the answers are kept in the cache folder until the file changes.
 * One that fails or does not answer is left out.
 */
export async function findInterpreters(ports: InterpreterPorts): Promise<Interpreter[]> {
  const cache = await readCache<Answer>(ports.cacheFolder, cacheName);
  const candidates = await findCandidates(ports.toolEnvironment);
  const answers = new Map<string, Answer>();
  await twoAtOnce(candidates, async ({ file, key }) => {
    const answer = cache[key] ?? (await ask(file, ports));
    if (answer) answers.set(key, answer);
  });
  const lasting = Object.fromEntries([...answers].filter(([, answer]) => isLasting(answer)));
  if (Object.keys(lasting).sort().join("\n") !== Object.keys(cache).sort().join("\n"))
    await writeCache(ports.cacheFolder, cacheName, lasting);
  return gather(candidates, answers);
}

/** The interpreters as a failure names them: "3.11.7 (/usr/bin/python3.11), …". */
export function searchedText(interpreters: readonly Interpreter[]): string {
  if (interpreters.length === 0) return "the PATH, pyenv and uv, where there is no Python 3.6 or newer";
  return interpreters.map(({ version, path }) => `${version} (${path})`).join(", ");
}

function usable(interpreters: readonly Interpreter[], wanted: string | undefined): Interpreter[] {
  return interpreters.filter(
    ({ implementation, version }) =>
      implementation === "cpython" && (wanted === undefined || satisfies(version, wanted)),
  );
}

const venvFirst = (a: Interpreter, b: Interpreter): number => Number(b.hasVenv) - Number(a.hasVenv);
const defaultFirst = (a: Interpreter, b: Interpreter): number => Number(b.isDefault) - Number(a.isDefault);
const newestFirst = (a: Interpreter, b: Interpreter): number => compareVersions(b.version, a.version);

/**
 * The CPython interpreters in the order in which they are tried: those that can make environments before those that
 * cannot, then the default, then the newest; of one minor version only the best.
 */
export function inOrder(interpreters: readonly Interpreter[], wanted?: string): Interpreter[] {
  const fitting = usable(interpreters, wanted).sort(
    (a, b) => venvFirst(a, b) || defaultFirst(a, b) || newestFirst(a, b),
  );
  return fitting.filter(({ minor }, i) => fitting.findIndex((other) => other.minor === minor) === i);
}

/**
 * The newest interpreter of the wanted version ("3.9", "3.9.18", or clauses such as ">=3.6,<3.9"); without a wish the
 * default one. Throws `interpreter-not-found`.
 */
export function chooseInterpreter(interpreters: readonly Interpreter[], wanted?: string): Interpreter {
  const [chosen] =
    wanted === undefined
      ? inOrder(interpreters)
      : usable(interpreters, wanted).sort((a, b) => venvFirst(a, b) || newestFirst(a, b) || defaultFirst(a, b));
  if (!chosen)
    throw new ModelyardError("interpreter-not-found", {
      wanted: wanted ?? "3.6 or newer",
      searched: searchedText(interpreters),
      example: /\d+\.\d+/.exec(wanted ?? "")?.[0] ?? "3.12",
    });
  return chosen;
}
