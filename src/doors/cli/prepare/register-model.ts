import { resolve } from "node:path";
import { hashFiles, versionFiles } from "../../../client/files/local-files.ts";
import { uploadMissing } from "../../../client/files/upload.ts";
import type { InputOf } from "../../../contract/operations.ts";
import type { Given, Preparation, PreparationWork } from "../preparation.ts";
import { registeredText } from "../present/register-model.ts";
import { print, printJson, talk } from "../tools.ts";
import { baselineFlags, checkBaseline, uploadBaseline } from "./baseline-flags.ts";
import { lineageFlags, readLineage } from "./lineage-flags.ts";
import { transferOptions } from "./transfer-line.ts";

export const registerModel: Preparation<"registerModel"> = {
  summary: "Register a model file or folder as the next version of a model",
  arguments: [{ name: "path", description: "Model file or folder" }],
  hidden: ["files", "lineage", "signature", "sample", "baseline"],
  flags: [...lineageFlags, ...baselineFlags("baseline", "baseline-target")],
  check: async ({ path, baseline, target, ...texts }, tools) => {
    await checkBaseline(baseline, target, tools);
    await versionFiles(resolve(tools.system.cwd, String(path)));
    await readLineage(texts, tools);
  },
  run: async (given, work) => {
    const { client, tools } = work;
    const { signal } = tools.system;
    const input = await inputOf(given, work);
    const model = await client.registerModel(input, { signal });
    if (tools.json) {
      printJson(tools, model);
      return 0;
    }
    const { items: live } = await client.listServices({ model: model.name, pageSize: 100 }, { signal });
    const { data = "", talk: next = "" } = registeredText(model, live, input.baseline);
    print(tools, data);
    talk(tools, next);
    return 0;
  },
};

async function inputOf(
  { path, baseline: rows, target, ...texts }: Given,
  work: PreparationWork,
): Promise<InputOf<"registerModel">> {
  const { client, tools } = work;
  const local = await versionFiles(resolve(tools.system.cwd, String(path)));
  const hashed = await hashFiles(local, tools.system.signal);
  const described = await readLineage(texts, tools);
  const files = await uploadMissing(client, hashed, transferOptions(tools, "Uploading"));
  const baseline = await uploadBaseline({ baseline: rows, target }, "baseline", work);
  return { ...described, files, baseline } as InputOf<"registerModel">;
}
