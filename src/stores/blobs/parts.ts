import { readdir, rm, stat } from "node:fs/promises";
import { join } from "node:path";
import type { UploadPart, UploadParts } from "../../register/ports.ts";
import { readFile } from "./read-file.ts";

/** Keeps a stream as a file at the place that its digest gives, whole or not at all. */
type Store = (
  source: AsyncIterable<Uint8Array>,
  placeOf: (digest: string) => string,
) => Promise<{ digest: string; size: number }>;

/** Parts of files that are uploaded in pieces: `<upload>/<number>-<digest>`. One that is sent again with other bytes stands beside the first. */
export function uploadParts(folder: string, store: Store): UploadParts {
  const pathOf = (upload: string, { number, digest }: UploadPart) => join(folder, upload, `${number}-${digest}`);
  return {
    put: (upload, number, source) => store(source, (digest) => pathOf(upload, { number, digest })),
    has: async (upload, part) => (await stat(pathOf(upload, part)).catch(() => undefined)) !== undefined,
    async *join(upload, parts) {
      for (const part of parts) yield* readFile(pathOf(upload, part), part.digest);
    },
    uploads: () => readdir(folder).catch(() => []),
    remove: (upload) => rm(join(folder, upload), { recursive: true, force: true }),
  };
}
