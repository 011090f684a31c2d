import type { Origin, SignatureField } from "../../../contract/model.ts";
import type { Presenter } from "./presenter.ts";
import { fields, pairsText, shortDigest, sizeText, table, timeText } from "./text.ts";

export const getModel: Presenter<"getModel"> = (model, { now }) => {
  const { registeredFrom, origin, ...lineage } = model.lineage;
  const from = registeredFrom === undefined ? "" : ` with ${registeredFrom}`;
  const head = fields([
    ["model", model.reference],
    ["description", model.description],
    ["framework", [model.framework, model.frameworkVersion].filter(Boolean).join(" ")],
    ["class", model.reading?.rootClass],
    ["columns", model.reading?.columns],
    ["flavours", model.flavors.join(" ")],
    ["aliases", model.aliases.join(" ")],
    ["stage", model.stage === "None" ? null : model.stage],
    ["archived", model.archivedAt === null ? null : timeText(model.archivedAt, now)],
    ["inputs", fieldsText(model.signature?.inputs)],
    ["outputs", fieldsText(model.signature?.outputs)],
    ["personal data", piiText([...(model.signature?.inputs ?? []), ...(model.signature?.outputs ?? [])])],
    ["sample input", shortText(model.sample?.input)],
    ["sample output", shortText(model.sample?.output)],
    ["digest", model.digest],
    ["source", model.external ? `${model.source} (the bytes are not here)` : model.source],
    ["size", sizeText(model.size)],
    ["tags", pairsText(model.tags)],
    ["properties", pairsText(model.properties)],
    ["metrics", pairsText(model.metrics)],
    ["parameters", pairsText(model.params)],
    ["lineage", pairsText(lineage)],
    ["imported", originText(origin, now)],
    ["created", `${timeText(model.createdAt, now)} by ${model.createdBy}${from}`],
    ["services", model.services.join(" ")],
  ]);
  const files = model.files.map((file) => [file.path, sizeText(file.size), shortDigest(file.digest)]);
  return { data: `${head}\n\n${table(["FILE", "SIZE", "DIGEST"], files)}` };
};

function originText(origin: Origin | undefined, now: number): string | null {
  if (origin === undefined) return null;
  const { reference, server, createdAt, createdBy, parent } = origin;
  const place = server === undefined ? "" : ` of ${server}`;
  const author = createdBy === null ? "" : ` by ${createdBy}`;
  return `${reference}${place}, made ${timeText(createdAt, now)}${author}${parent === undefined ? "" : ` from ${parent}`}`;
}

/** As much of a text as a line takes. */
function shortText(text: string | undefined): string | undefined {
  const line = text?.replace(/\s+/g, " ").trim();
  return line !== undefined && line.length > 80 ? `${line.slice(0, 79)}…` : line;
}

/** The first few fields: `name type[shape]`. */
/** The columns that are marked; a field without a name is the whole row. */
const piiText = (fields: readonly SignatureField[]): string =>
  fields.flatMap(({ name, pii }) => (pii === true ? [name ?? "rows"] : [])).join(" ");

function fieldsText(fields: readonly SignatureField[] | null | undefined): string | null {
  if (fields === null || fields === undefined || fields.length === 0) return null;
  const texts = fields.slice(0, 5).map(({ name, type, shape }) => {
    const size = shape === null ? "" : `[${shape.map((length) => length ?? "*").join(",")}]`;
    return [name, `${type}${size}`].filter((part) => part !== null).join(" ");
  });
  return `${texts.join(", ")}${fields.length > 5 ? `, … (${fields.length})` : ""}`;
}
