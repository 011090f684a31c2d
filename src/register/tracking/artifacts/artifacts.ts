import { ModelyardError } from "../../../contract/errors.ts";
import type { FileEntry } from "../../../contract/operation.ts";
import type { ArtifactEntry, ArtifactFile, Tracking } from "../../../contract/tracking.ts";
import type { BlobStore } from "../../ports.ts";
import { filesOf } from "../../rows/version-files.ts";
import type { TrackingPorts } from "../ports.ts";
import { checkPath, versionOfPath } from "./paths.ts";
import { placeArtifact, refuseFrozen, writablePath } from "./place.ts";
import { artifactsBelow, findArtifact, removeArtifacts } from "./rows.ts";

/** What a listing of a folder shows of the files below it. */
function entriesOf(files: readonly FileEntry[]): ArtifactEntry[] {
  const entries = new Map<string, ArtifactEntry>();
  for (const { path, size } of files) {
    const [name = ""] = path.split("/", 1);
    const isFolder = name.length < path.length;
    if (!entries.has(name)) entries.set(name, { path: name, isFolder, size: isFolder ? 0 : size });
  }
  return [...entries.values()].sort((a, b) => (a.path < b.path ? -1 : 1));
}

const readable = (blobs: BlobStore, { digest, size }: { digest: string; size: number }): ArtifactFile => ({
  digest,
  size,
  read: (range) => blobs.read(digest, range),
});

/** Files of runs and logged models. Their bytes are blobs: the same bytes are stored once, whoever logs them. */
export function makeArtifacts({ db, blobs, clock }: TrackingPorts): Tracking["artifacts"] {
  /** The files below a folder, of the area or of a registered version. */
  async function filesBelow(folder: string, limit?: number): Promise<FileEntry[]> {
    const version = versionOfPath(folder);
    if (version === undefined) return artifactsBelow(db, folder, limit);
    const prefix = version.rest === "" ? "" : `${version.rest}/`;
    return (await filesOf(db, version.name, version.version))
      .filter(({ path }) => path.startsWith(prefix))
      .map((file) => ({ ...file, path: file.path.slice(prefix.length) }));
  }
  async function findFile(path: string): Promise<{ digest: string; size: number } | undefined> {
    const version = versionOfPath(path);
    if (version === undefined) return findArtifact(db, path);
    return (await filesOf(db, version.name, version.version)).find((file) => file.path === version.rest);
  }
  return {
    async put(given, body) {
      const path = writablePath(given);
      const { digest, size } = await blobs.put(body);
      await db.transaction((tx) => placeArtifact(tx, { path, digest, size }, clock.now()));
    },
    async find(given) {
      const path = checkPath(given);
      const found = await findFile(path);
      if (found !== undefined) return readable(blobs, found);
      if ((await filesBelow(path, 1)).length > 0)
        throw new ModelyardError("invalid-input", { problems: `${path} is a directory` });
      throw new ModelyardError("artifact-not-found", { path });
    },
    list: async (given) => entriesOf(await filesBelow(checkPath(given))),
    async remove(given) {
      const path = checkPath(given);
      if (path === "")
        throw new ModelyardError("invalid-input", { problems: "Invalid path: it names nothing to delete" });
      refuseFrozen(path);
      await db.transaction((tx) => removeArtifacts(tx, path));
    },
  };
}
