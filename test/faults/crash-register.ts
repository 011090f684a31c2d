import type { Client } from "../../src/client/client.ts";
import { sha256 } from "../../src/kernel/hash.ts";
import type { Random } from "./random.ts";
import { uploaded } from "./scoring.ts";

/** A registration that a client asked for; `version` is there once the server acknowledged it. */
export interface Attempt {
  id: string;
  name: string;
  files: { path: string; digest: string; size: number }[];
  version: number | null;
}

const names = ["alpha", "beta", "gamma"] as const;
const largest = 2 << 20;

/** Registers versions of shared names until the server is gone. Sizes reach from 1 byte to 2 MB, mostly small. */
export async function registerUntilGone(client: Client, random: Random, attempts: Map<string, Attempt>): Promise<void> {
  for (;;) {
    const contents = Array.from({ length: random.int(1, 3) }, () => random.bytes(Math.ceil(largest ** random.next())));
    const files = contents.map((bytes, index) => ({
      path: `part-${index}.bin`,
      digest: sha256(bytes),
      size: bytes.length,
    }));
    const attempt: Attempt = { id: `${attempts.size + 1}`, name: random.pick(names), files, version: null };
    attempts.set(attempt.id, attempt);
    for (const [index, bytes] of contents.entries()) await uploaded(client, `part-${index}.bin`, bytes);
    const answer = await client.registerModel({ name: attempt.name, files, properties: { attempt: attempt.id } });
    attempt.version = answer.version;
  }
}

/** What the registry shows against what was asked for. `known` holds the versions that were found whole before. */
export async function checkRegistry(
  client: Client,
  attempts: Map<string, Attempt>,
  known: Set<string>,
): Promise<string[]> {
  const faults: string[] = [];
  const seen = new Map<string, string>();
  for await (const { name, version, reference } of allVersions(client)) {
    const detail = known.has(reference) ? undefined : await client.getModel({ name, version });
    seen.set(reference, name);
    if (detail === undefined) continue;
    const attempt = attempts.get(detail.properties.attempt ?? "");
    if (attempt === undefined) faults.push(`${reference} was never asked for`);
    else if (attempt.version !== null && `${attempt.name}:${attempt.version}` !== reference)
      faults.push(`${reference} repeats the acknowledged ${attempt.name}:${attempt.version}`);
    else faults.push(...(await checkVersion(client, attempt, detail)));
    if (attempt !== undefined) attempt.version ??= version;
    known.add(reference);
  }
  for (const attempt of attempts.values())
    if (attempt.version !== null && !seen.has(`${attempt.name}:${attempt.version}`))
      faults.push(`${attempt.name}:${attempt.version} was acknowledged and is gone`);
  return faults;
}

async function* allVersions(client: Client) {
  let pageToken: string | undefined;
  do {
    const page = await client.listModels({ pageSize: 500, ...(pageToken === undefined ? {} : { pageToken }) });
    for (const item of page.items) if ((names as readonly string[]).includes(item.name)) yield item;
    pageToken = page.nextPageToken ?? undefined;
  } while (pageToken !== undefined);
}

/** Whether a version has exactly the files of its attempt, and their bytes. */
async function checkVersion(
  client: Client,
  attempt: Attempt,
  detail: Awaited<ReturnType<Client["getModel"]>>,
): Promise<string[]> {
  const { name, version, reference } = detail;
  const listed = detail.files.map(({ path, digest, size }) => `${path} ${digest} ${size}`).sort();
  const asked = attempt.files.map(({ path, digest, size }) => `${path} ${digest} ${size}`).sort();
  if (name !== attempt.name || listed.join() !== asked.join())
    return [`${reference} has other files than were asked for`];
  const faults: string[] = [];
  for (const { path, digest } of attempt.files)
    if ((await digestOfDownload(client, { name, version, path })) !== digest)
      faults.push(`${reference} ${path} is damaged`);
  return faults;
}

async function digestOfDownload(
  client: Client,
  file: { name: string; version: number; path: string },
): Promise<string> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of (await client.downloadFile(file)).body) chunks.push(chunk);
  return sha256(Buffer.concat(chunks));
}
