import type { FileEntry } from "../../contract/operation.ts";
import { bufferSource, fileSource, type Source, view } from "../../kernel/source.ts";
import { detectContainer, unpack, unreadable } from "../pickle/containers.ts";
import { dangerousOf } from "../pickle/dangerous.ts";
import { beginsPickle, type Scan, scanGlobals } from "../pickle/scan-globals.ts";
import type { BlobStore } from "../ports.ts";
import type { Finding } from "./refuse-unsafe.ts";
import { beginningOf, beginsZip, endsZip, type Member, membersOf, sourceOf } from "./zip.ts";

/** Names of files that are loaded as pickles, whatever they are packed in. */
const pickleName = /\.(pkl|pickle|joblib|sav)(\.\w{1,4})?$/i;

/** Looks into every file for pickles that would run dangerous code, also in archives; executes nothing. */
export async function unsafeFindings(
  blobs: BlobStore,
  files: readonly FileEntry[],
  framework: string | null = null,
): Promise<Finding[]> {
  const findings: Finding[] = [];
  const known = new Map<string, string | undefined>();
  for (const { path, digest } of files) {
    const named = pickleName.test(path) || (files.length === 1 && isLoadedAsPickle(framework));
    const key = `${named} ${digest}`;
    if (!known.has(key)) known.set(key, await problemOfFile(blobs.pathOf(digest), named));
    const reason = known.get(key);
    if (reason !== undefined) findings.push({ path, reason });
  }
  return findings;
}

/** As the worker's loader sees it: the only file of such a model is loaded as a pickle whatever its name. */
const isLoadedAsPickle = (framework: string | null): boolean =>
  /^(sklearn|scikitlearn)$/i.test(framework?.replace(/[-_]/g, "") ?? "");

async function problemOfFile(path: string, named: boolean): Promise<string | undefined> {
  const file = fileSource(path);
  try {
    return await problemOf(file, { named, depth: 0, budget: { left: maxUnpacked } });
  } finally {
    file.close();
  }
}

interface Look {
  /** A pickle by its name: what cannot be looked into is a finding too. */
  named: boolean;
  /** Archives around it. */
  depth: number;
  /** Bytes that may still be unpacked for a look, of one file with all that is in it. */
  budget: { left: number };
}

async function problemOf(source: Source, look: Look): Promise<string | undefined> {
  const { named, budget } = look;
  const container = detectContainer(source);
  if (container === "none") return problemOfPlain(source, look);
  const reason = unreadable(container);
  if (reason !== undefined) return named ? `${reason}, so that it cannot be checked` : undefined;
  const { source: inner, problem } = await unpack(source, budget.left);
  budget.left -= inner.size;
  if (problem !== undefined && named) return problem;
  return problemOfPlain(inner, look);
}

/** Readers of zip archives look at the end, readers of pickles at the beginning: what is both is looked at as both. */
async function problemOfPlain(source: Source, look: Look): Promise<string | undefined> {
  if (beginsZip(source)) return problemOfZip(source, look);
  const problem = await problemOfPickle(source, look.named);
  return problem ?? (endsZip(source) ? problemOfZip(source, look) : undefined);
}

async function problemOfPickle(source: Source, named: boolean): Promise<string | undefined> {
  return told(await scanGlobals(source, objectsOfNumpy(source) ?? 0), named || beginsPickle(source, 0));
}

/** `expected`: it is a pickle by its name or its first bytes, so that what cannot be read of it is a finding too. */
function told({ globals, pickles, error }: Scan, expected: boolean): string | undefined {
  const dangerous = dangerousOf(globals);
  if (dangerous.length > 0) return `it imports ${dangerous.join(", ")}`;
  if (error === undefined || !expected || (globals.length === 0 && pickles === 0)) return undefined;
  return `it cannot be read to its end: ${error.reason}`;
}

/** Where the pickle of an `.npy` file of Python objects begins: after the header. Source: numpy/lib/format.py. */
function objectsOfNumpy(source: Source): number | undefined {
  const head = view(source, 0, Math.min(source.size, 512));
  if (head === undefined || head.length < 12 || head.toString("latin1", 0, 6) !== "\x93NUMPY") return undefined;
  const wide = (head[6] ?? 1) > 1;
  const start = wide ? 12 + head.readUInt32LE(8) : 10 + head.readUInt16LE(8);
  return /'descr': *('\|O|\[)/.test(head.toString("latin1")) ? start : source.size;
}

/** Bytes of all that is unpacked of one file for a look. */
const maxUnpacked = 512 << 20;
/** An archive that grows so much is no model. */
const maxGrowth = { bytes: 64 * 2 ** 30, times: 500 };
/** Archives in archives. */
const maxDepth = 4;

async function problemOfZip(source: Source, { depth, budget }: Look): Promise<string | undefined> {
  if (depth >= maxDepth) return `archives stand more than ${maxDepth} deep inside each other`;
  const members = membersOf(source);
  if (typeof members === "string") return `it is an archive that cannot be checked: ${members}`;
  const size = members.reduce((sum, member) => sum + member.size, 0);
  if (size > maxGrowth.bytes || (size > 2 ** 30 && size > source.size * maxGrowth.times))
    return `it is an archive of ${source.size} bytes that unpacks to ${size}`;
  for (const member of members) {
    const { name } = member;
    if (/^([/\\]|[A-Za-z]:)|(^|[/\\])\.\.([/\\]|$)/.test(name))
      return `it is an archive with a path that leaves it: ${name}`;
    const problem = await problemOfMember(source, member, { named: pickleName.test(name), depth: depth + 1, budget });
    if (problem !== undefined) return problem;
  }
  return undefined;
}

async function problemOfMember(source: Source, member: Member, look: Look): Promise<string | undefined> {
  const { name } = member;
  const beginning = beginningOf(source, member);
  if (beginning === undefined)
    return look.named ? `${name} in it is packed in a way that cannot be checked` : undefined;
  if (!look.named && !isWorthALook(bufferSource(beginning))) return undefined;
  const inner = await sourceOf(source, member, look.budget.left);
  if (inner === undefined) return `${name} in it cannot be unpacked to be checked`;
  if (member.method !== 0) look.budget.left -= inner.size;
  const problem = await problemOf(inner, look);
  return problem === undefined ? undefined : `${name}: ${problem}`;
}

/** By its first bytes it is a pickle or holds one; most members of archives are numbers and are not unpacked. */
const isWorthALook = (head: Source): boolean =>
  beginsPickle(head, 0) || objectsOfNumpy(head) !== undefined || beginsZip(head) || detectContainer(head) !== "none";
