import { resolve } from "node:path";
import { hashFiles, versionFiles } from "../../../client/files/local-files.ts";
import { uploadMissing } from "../../../client/files/upload.ts";
import type { InputOf } from "../../../contract/operations.ts";
import type { Preparation } from "../preparation.ts";
import { lineageFlags, readLineage } from "./lineage-flags.ts";
import { transferOptions } from "./transfer-line.ts";

export const registerModel: Preparation<"registerModel"> = {
  summary: "Register a model file or folder as the next version of a model",
  arguments: [{ name: "path", description: "Model file or folder" }],
  hidden: ["files", "lineage", "signature", "sample"],
  flags: lineageFlags,
  check: async ({ path, ...texts }, tools) => {
    await versionFiles(resolve(tools.system.cwd, String(path)));
    await readLineage(texts, tools);
  },
  input: async ({ path, ...texts }, { client, tools }) => {
    const local = await versionFiles(resolve(tools.system.cwd, String(path)));
    const hashed = await hashFiles(local, tools.system.signal);
    const described = await readLineage(texts, tools);
    const files = await uploadMissing(client, hashed, transferOptions(tools, "Uploading"));
    return { ...described, files } as InputOf<"registerModel">;
  },
};
