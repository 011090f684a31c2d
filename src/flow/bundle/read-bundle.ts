import { pipeline } from "node:stream/promises";
import { extract, type Header } from "tar-stream";
import { ModelyardError } from "../../contract/errors.ts";
import {
  digestOfName,
  type Manifest,
  manifestLimit,
  manifestName,
  readManifest,
  refuse,
  sizesOfBlobs,
} from "./manifest.ts";
import { verified } from "./write-bundle.ts";

/** A blob as it comes by. Its bytes have to be read before the next one is asked for; they end with digest-mismatch when they are others. */
export interface BundledBlob {
  digest: string;
  size: number;
  bytes: AsyncIterable<Uint8Array>;
}

export interface OpenBundle {
  manifest: Manifest;
  /** Every blob once; ends with bundle-invalid when one is missing. */
  blobs: AsyncGenerator<BundledBlob>;
}

/**
 * Reads a bundle as a stream that is not trusted: nothing of it is written anywhere, its names are only compared, and no more of it
 * is held in memory than its manifest. `name` is for messages. Throws bundle-invalid, unsafe-path, and what the source throws.
 */
export async function readBundle<Result>(
  name: string,
  source: AsyncIterable<Uint8Array>,
  use: (bundle: OpenBundle) => Promise<Result>,
): Promise<Result> {
  const members = membersOf(name, source);
  try {
    const manifest = await manifestOf(name, members);
    return await use({ manifest, blobs: blobsOf(name, members, sizesOfBlobs(name, manifest)) });
  } finally {
    await members.return(undefined);
  }
}

async function manifestOf(name: string, members: AsyncGenerator<Member>): Promise<Manifest> {
  const { value: first, done } = await members.next();
  if (done || first.header.name !== manifestName || first.header.type !== "file")
    throw refuse(name, `it does not begin with ${manifestName}; it is no bundle of Modelyard`);
  const { size = 0 } = first.header;
  if (size > manifestLimit) throw refuse(name, `its ${manifestName} has ${size} bytes, more than ${manifestLimit}`);
  const chunks: Uint8Array[] = [];
  for await (const chunk of first.bytes) chunks.push(chunk);
  return readManifest(name, Buffer.concat(chunks).toString("utf8"));
}

async function* blobsOf(
  name: string,
  members: AsyncGenerator<Member>,
  wanted: Map<string, number>,
): AsyncGenerator<BundledBlob> {
  const missing = new Map(wanted);
  for await (const { header, bytes } of members) {
    const told = JSON.stringify(header.name.slice(0, 200));
    const digest = header.type === "file" ? digestOfName(header.name) : undefined;
    if (digest === undefined || !wanted.has(digest)) throw refuse(name, `${told} does not belong into a bundle`);
    const size = missing.get(digest);
    if (size === undefined) throw refuse(name, `${told} is in it twice`);
    if (size !== header.size) throw refuse(name, `${told} has ${header.size} bytes and should have ${size}`);
    missing.delete(digest);
    yield { digest, size, bytes: verified(bytes, { path: `${digest} in ${name}`, digest }) };
  }
  const [first] = missing.keys();
  if (first !== undefined) throw refuse(name, `it ends before ${missing.size} of its files, the first is ${first}`);
}

interface Member {
  header: Header;
  bytes: AsyncIterable<Uint8Array>;
}

/** The members of a tar. What tar-stream finds wrong is bundle-invalid; what the source throws is thrown as it was. */
async function* membersOf(name: string, source: AsyncIterable<Uint8Array>): AsyncGenerator<Member> {
  let failure: unknown;
  const told = (error: unknown) =>
    failure ?? (error instanceof ModelyardError ? error : refuse(name, reasonOf(error as Error)));
  const watched = rethrown(source, (error) => {
    failure = error;
    return error;
  });
  const archive = extract();
  archive.on("error", () => {}); // it is thrown by the members below; without a listener it would end the process besides
  const feeding = pipeline(watched, archive).catch(() => {}); // it fails the members too
  try {
    for await (const entry of archive)
      yield { header: entry.header, bytes: rethrown(entry as AsyncIterable<Uint8Array>, told) };
  } catch (error) {
    throw told(error);
  } finally {
    archive.destroy();
    await feeding;
  }
}

/** What tar-stream says of an archive without its end depends on where it is cut. */
const reasonOf = ({ message }: Error): string =>
  /^(Unexpected end of data|Stream was destroyed)$/.test(message) ? "it is cut off, or no tar at all" : message;

/** The same items; what breaks them off is told in other words. */
async function* rethrown<Item>(items: AsyncIterable<Item>, told: (error: unknown) => unknown): AsyncGenerator<Item> {
  try {
    yield* items;
  } catch (error) {
    throw told(error);
  }
}
