import type { Client } from "../../client/client.ts";
import { uploadStream } from "../../client/files/upload-stream.ts";
import type { TransferOptions } from "../../client/patience.ts";
import { checkPaths } from "../../contract/file-paths.ts";
import type { FileEntry } from "../../contract/operation.ts";
import { shown, unreadable } from "../web.ts";
import type { MlflowServer } from "./server.ts";

/** Files and folders of one version. */
const maxEntries = 10_000;
/** Bytes of a file whose size the server does not tell: it leaves out the size of empty ones. */
const untoldLimit = 1 << 30;

/**
 * The path of an address in the artifacts that a server serves itself; undefined for any other. Both forms are written by MLflow:
 * `mlflow-artifacts:/0/…` (also with a host) and, by older ones, the URL of its artifact proxy.
 */
export function servedPath({ url }: Pick<MlflowServer, "url">, uri: string): string | undefined {
  const proxy = `${url}/api/2.0/mlflow-artifacts/artifacts/`;
  const path = uri.startsWith(proxy)
    ? uri.slice(proxy.length)
    : /^mlflow-artifacts:(?:\/\/[^/]*)?\/*(.*)$/.exec(uri)?.[1];
  return path?.replace(/\/+$/, "");
}

/** Uploads all files below a folder of the served artifacts as they come; none when the server has none there. */
export async function copyArtifacts(
  server: MlflowServer,
  folder: string,
  { client, uploads }: { client: Client; uploads: TransferOptions },
): Promise<FileEntry[]> {
  const listed = await listAll(server, folder);
  checkPaths(listed.map(({ path }) => path));
  const files: FileEntry[] = [];
  for (const { path, size } of listed) {
    uploads.signal?.throwIfAborted();
    const answer = await server.file(`${folder}/${path}`);
    const bytes = answer.bytes(size ?? untoldLimit);
    const sent = await uploadStream(client, { path, size, bytes }, uploads);
    files.push({ path, ...sent });
  }
  return files;
}

interface Listed {
  path: string;
  size: number | undefined;
}

/** The names come from the other server: only the last part of each is taken, and they are checked before they are used. */
async function listAll(server: MlflowServer, root: string): Promise<Listed[]> {
  const listed: Listed[] = [];
  const folders = [""];
  // grows while it is read
  for (const below of folders) {
    for (const artifact of (await server.list(below === "" ? root : `${root}/${below}`)) ?? []) {
      const name = artifact.path.replace(/\/+$/, "").split("/").at(-1) ?? "";
      const path = below === "" ? name : `${below}/${name}`;
      checkPaths([path]);
      if (artifact.is_dir) folders.push(path);
      else listed.push({ path, size: artifact.file_size });
    }
    if (listed.length + folders.length > maxEntries)
      throw unreadable(shown(server.url), `its folder ${root} has more than ${maxEntries} files and folders`);
  }
  return listed;
}
