import type { SignatureField } from "../../../contract/model.ts";
import type { Presenter } from "./presenter.ts";
import { fields, pairsText, shortDigest, sizeText, table, timeText } from "./text.ts";

export const getModel: Presenter<"getModel"> = (model, { now }) => {
  const { registeredFrom, ...lineage } = model.lineage;
  const from = registeredFrom === undefined ? "" : ` with ${registeredFrom}`;
  const head = fields([
    ["model", model.reference],
    ["description", model.description],
    ["framework", [model.framework, model.frameworkVersion].filter(Boolean).join(" ")],
    ["class", model.reading?.rootClass],
    ["columns", model.reading?.columns],
    ["aliases", model.aliases.join(" ")],
    ["stage", model.stage === "None" ? null : model.stage],
    ["archived", model.archivedAt === null ? null : timeText(model.archivedAt, now)],
    ["inputs", fieldsText(model.signature?.inputs)],
    ["outputs", fieldsText(model.signature?.outputs)],
    ["digest", model.digest],
    ["source", model.external ? `${model.source} (the bytes are not here)` : model.source],
    ["size", sizeText(model.size)],
    ["tags", pairsText(model.tags)],
    ["properties", pairsText(model.properties)],
    ["metrics", pairsText(model.metrics)],
    ["lineage", pairsText(lineage)],
    ["created", `${timeText(model.createdAt, now)} by ${model.createdBy}${from}`],
    ["services", model.services.join(" ")],
  ]);
  const files = model.files.map((file) => [file.path, sizeText(file.size), shortDigest(file.digest)]);
  return { data: `${head}\n\n${table(["FILE", "SIZE", "DIGEST"], files)}` };
};

/** The first few fields: `name type[shape]`. */
function fieldsText(fields: readonly SignatureField[] | null | undefined): string | null {
  if (fields === null || fields === undefined || fields.length === 0) return null;
  const texts = fields.slice(0, 5).map(({ name, type, shape }) => {
    const size = shape === null ? "" : `[${shape.map((length) => length ?? "*").join(",")}]`;
    return [name, `${type}${size}`].filter((part) => part !== null).join(" ");
  });
  return `${texts.join(", ")}${fields.length > 5 ? `, … (${fields.length})` : ""}`;
}
