import type { FileEntry } from "../../contract/operation.ts";
import { detectContainer, unpack, unreadable } from "../pickle/containers.ts";
import { dangerousOf } from "../pickle/dangerous.ts";
import { beginsPickle, type Scan, scanGlobals } from "../pickle/scan-globals.ts";
import { bufferSource, fileSource, type Source, view } from "../pickle/source.ts";
import type { BlobStore } from "../ports.ts";
import type { Finding } from "./refuse-unsafe.ts";
import { beginningOf, beginsZip, membersOf, sourceOf } from "./zip.ts";

/** Names of files that are loaded as pickles, whatever they are packed in. */
const pickleName = /\.(pkl|pickle|joblib|sav)(\.\w{1,4})?$/i;

/** Looks into every file for pickles that would run dangerous code, also in archives; executes nothing. */
export async function unsafeFindings(blobs: BlobStore, files: readonly FileEntry[]): Promise<Finding[]> {
  const findings: Finding[] = [];
  const known = new Map<string, string | undefined>();
  for (const { path, digest } of files) {
    const named = pickleName.test(path);
    const key = `${named} ${digest}`;
    if (!known.has(key)) known.set(key, await problemOf(blobs.pathOf(digest), named));
    const reason = known.get(key);
    if (reason !== undefined) findings.push({ path, reason });
  }
  return findings;
}

async function problemOf(path: string, named: boolean): Promise<string | undefined> {
  const file = fileSource(path);
  try {
    const container = detectContainer(file);
    if (container === "none") return beginsZip(file) ? await problemOfZip(file) : await problemOfPickle(file, named);
    const reason = unreadable(container);
    if (reason !== undefined) return named ? `${reason}, so that it cannot be checked` : undefined;
    const { source, problem } = await unpack(path);
    if (problem !== undefined && named) return problem;
    return beginsZip(source) ? await problemOfZip(source) : await problemOfPickle(source, named);
  } finally {
    file.close();
  }
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

/** Bytes of all pickles of one archive that are unpacked for a look. */
const maxUnpacked = 512 << 20;
/** An archive that grows so much is no model. */
const maxGrowth = { bytes: 64 * 2 ** 30, times: 500 };

async function problemOfZip(source: Source): Promise<string | undefined> {
  const members = membersOf(source);
  if (typeof members === "string") return `it is an archive that cannot be checked: ${members}`;
  const size = members.reduce((sum, member) => sum + member.size, 0);
  if (size > maxGrowth.bytes || (size > 2 ** 30 && size > source.size * maxGrowth.times))
    return `it is an archive of ${source.size} bytes that unpacks to ${size}`;
  let left = maxUnpacked;
  for (const member of members) {
    const { name } = member;
    if (/^([/\\]|[A-Za-z]:)|(^|[/\\])\.\.([/\\]|$)/.test(name))
      return `it is an archive with a path that leaves it: ${name}`;
    const beginning = beginningOf(source, member);
    const named = pickleName.test(name);
    if (beginning === undefined) {
      if (named) return `${name} in it is packed in a way that cannot be checked`;
      continue;
    }
    const head = bufferSource(beginning);
    if (!named && !beginsPickle(head, 0) && objectsOfNumpy(head) === undefined) continue;
    const inner = await sourceOf(source, member, left);
    if (inner === undefined) return `${name} in it cannot be unpacked to be checked`;
    if (member.method !== 0) left -= inner.size;
    const problem = await problemOfPickle(inner, named);
    if (problem !== undefined) return `${name}: ${problem}`;
  }
  return undefined;
}
