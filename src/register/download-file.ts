import { ModelyardError } from "../contract/errors.ts";
import type { Handler } from "../contract/operations.ts";
import { mustFindVersion } from "./get-model.ts";
import type { RegisterPorts } from "./ports.ts";
import { filesOf } from "./rows/version-files.ts";

export const downloadFile =
  ({ db, blobs }: Pick<RegisterPorts, "db" | "blobs">): Handler<"downloadFile"> =>
  async ({ name, version, path }) => {
    await mustFindVersion(db, { name, version });
    const file = (await filesOf(db, name, version)).find((entry) => entry.path === path);
    if (file === undefined)
      throw new ModelyardError("model-not-found", { model: `${name}:${version} with a file ${path}` });
    const { digest, size } = file;
    return {
      contentType: "application/octet-stream",
      fileName: path.split("/").at(-1) ?? path,
      size,
      body: blobs.read(digest),
      kept: { digest, read: (range) => blobs.read(digest, range) },
    };
  };
