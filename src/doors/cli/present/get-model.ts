import type { Presenter } from "./presenter.ts";
import { fields, pairsText, shortDigest, sizeText, table, timeText } from "./text.ts";

export const getModel: Presenter<"getModel"> = (model, { now }) => {
  const head = fields([
    ["model", model.reference],
    ["description", model.description],
    ["framework", [model.framework, model.frameworkVersion].filter(Boolean).join(" ")],
    ["class", model.reading?.rootClass],
    ["columns", model.reading?.columns],
    ["digest", model.digest],
    ["size", sizeText(model.size)],
    ["tags", pairsText(model.tags)],
    ["properties", pairsText(model.properties)],
    ["created", `${timeText(model.createdAt, now)} by ${model.createdBy}`],
    ["services", model.services.join(" ")],
  ]);
  const files = model.files.map((file) => [file.path, sizeText(file.size), shortDigest(file.digest)]);
  return { data: `${head}\n\n${table(["FILE", "SIZE", "DIGEST"], files)}` };
};
