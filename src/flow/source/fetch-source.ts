import { fileURLToPath } from "node:url";
import type { Client } from "../../client/client.ts";
import { contentFiles, hashFiles } from "../../client/files/local-files.ts";
import { uploadMissing } from "../../client/files/upload.ts";
import { uploadStream } from "../../client/files/upload-stream.ts";
import type { TransferOptions } from "../../client/patience.ts";
import { ModelyardError } from "../../contract/errors.ts";
import { checkPaths } from "../../contract/file-paths.ts";
import type { FileEntry } from "../../contract/operation.ts";
import type { Web } from "../web.ts";
import type { RemoteFile } from "./remote-file.ts";
import { webFile } from "./web-file.ts";

export interface SourcePorts {
  client: Client;
  web: Web;
  /** Variables with the credentials of stores. */
  env: Record<string, string | undefined>;
  uploads: TransferOptions;
}

/** Whether a place is on this machine: a path, or `file:`. */
export const isLocal = (place: string): boolean => !/^[a-z][a-z0-9+.-]+:/i.test(place) || /^file:/i.test(place);

/**
 * Uploads the files at a place, which stay at the root of what they become: a file or folder of this machine, `s3://`, one file at
 * `http(s)://`. Bytes pass through this process and are not kept. Throws no-such-file, empty-file, source-unreadable, not-supported.
 */
export async function fetchSource(place: string, { client, web, env, uploads }: SourcePorts): Promise<FileEntry[]> {
  if (isLocal(place)) {
    const files = await contentFiles(/^file:/i.test(place) ? pathOf(place) : place);
    return uploadMissing(client, await hashFiles(files, uploads.signal), uploads);
  }
  const remote = await openRemote(place, web, env);
  checkPaths(remote.map(({ path }) => path));
  const files: FileEntry[] = [];
  for (const { path, size, bytes } of remote) {
    uploads.signal?.throwIfAborted();
    files.push({ path, ...(await uploadStream(client, { path, size, bytes: bytes() }, uploads)) });
  }
  return files;
}

function pathOf(url: string): string {
  try {
    return fileURLToPath(url);
  } catch (cause) {
    throw new ModelyardError("no-such-file", { path: url }, { cause }); // it names another host
  }
}

async function openRemote(place: string, web: Web, env: SourcePorts["env"]): Promise<RemoteFile[]> {
  const scheme = place.slice(0, place.indexOf(":")).toLowerCase();
  if (/^s3[an]?$/.test(scheme)) return (await import("./s3.ts")).s3Files(place, env, web);
  if (scheme === "http" || scheme === "https") return [await webFile(place, web)];
  throw new ModelyardError("not-supported", {
    what: `${scheme}: is no place that Modelyard reads by itself`,
    instead:
      "Fetch the files with that place's own tool, and name the folder: `modelyard model pull REF --from FOLDER`.",
  });
}
