import { resumeUpload } from "../../../../../src/client/resume-upload.ts";
import { client } from "../../../api.ts";
import { sendBytes } from "../../../send-bytes.ts";
import type { ChosenFile } from "./chosen-files.ts";
import { startHasher } from "./hasher.ts";

export interface UploadedFile {
  path: string;
  digest: string;
  /** Bytes. */
  size: number;
}

/** How far an upload is. */
export interface Progress {
  doing: "reading" | "sending";
  /** The file it is at. */
  path: string;
  /** Bytes of all files. */
  done: number;
  total: number;
  /** Of `done`, what the server had before. */
  here: number;
  /** The connection broke, and this is how long it waits until it tries again. */
  waitMs?: number;
}

type HashedFile = UploadedFile & { file: Blob };
interface Told {
  signal: AbortSignal;
  tell: (progress: Progress) => void;
}

/**
 * Reads files for their digests, then sends what the server has not yet of them. What broke off, also before this page was loaded, goes on
 * where it stands. Throws what the server says, and the signal's reason when it is ended.
 */
export async function uploadFiles(chosen: readonly ChosenFile[], { signal, tell }: Told): Promise<UploadedFile[]> {
  const total = chosen.reduce((sum, { file }) => sum + file.size, 0);
  const files = await hashFiles(chosen, total, { signal, tell });
  await sendFiles(files, total, { signal, tell });
  return files.map(({ path, digest, size }) => ({ path, digest, size }));
}

async function hashFiles(chosen: readonly ChosenFile[], total: number, { signal, tell }: Told): Promise<HashedFile[]> {
  const hasher = startHasher(signal);
  try {
    const files: HashedFile[] = [];
    let before = 0;
    for (const { path, file } of chosen) {
      const onBytes = (done: number) => tell({ doing: "reading", path, done: before + done, total, here: 0 });
      files.push({ path, file, size: file.size, digest: await hasher.hash(file, path, onBytes) });
      before += file.size;
    }
    return files;
  } finally {
    hasher.end();
  }
}

async function sendFiles(files: readonly HashedFile[], total: number, { signal, tell }: Told): Promise<void> {
  const reached = { server: false };
  const sent = new Set<string>();
  let before = 0;
  let here = 0;
  for (const { path, file, digest, size } of files) {
    let done = 0;
    const told = (more: Partial<Progress> = {}) =>
      tell({ doing: "sending", path, done: before + done, total, here, ...more });
    const send = async (offset: number) => {
      if (done === 0) here += offset;
      done = offset;
      told();
      const onSent = (bytes: number) => {
        done = offset + bytes;
        told();
      };
      await sendBytes({ digest, size, offset }, file.slice(offset), { signal, onSent });
    };
    if (sent.has(digest)) here += size;
    else
      await resumeUpload(client, { path, digest, size }, send, reached, {
        signal,
        onBytes: () => {
          here += size - done;
        },
        onBreak: (_, waitMs) => told({ waitMs }),
      });
    sent.add(digest);
    before += size;
    done = 0;
    told();
  }
}
