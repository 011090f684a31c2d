import type { Origin, SignatureField, SignatureParam } from "../../../contract/model.ts";
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
    ["request params", paramsText(model.signature?.params)],
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

/** The columns that are marked; a field without a name is the whole row. */
const piiText = (fields: readonly SignatureField[]): string =>
  fields.flatMap(({ name, pii }) => (pii === true ? [name ?? "rows"] : [])).join(" ");

/** What requests may set, with what they get otherwise: `name type[shape] = default`. */
function paramsText(params: readonly SignatureParam[] = []): string | null {
  const texts = params
    .slice(0, mostShown)
    .map(
      ({ name, type, shape, default: value }) =>
        `${name} ${type}${sizeOf(shape)} = ${shortText(JSON.stringify(value))}`,
    );
  return texts.length === 0 ? null : listText(texts, params.length);
}

const mostShown = 5;
const listText = (texts: readonly string[], count: number) =>
  `${texts.join(", ")}${count > mostShown ? `, … (${count})` : ""}`;
const sizeOf = (shape: SignatureField["shape"]) =>
  shape === null ? "" : `[${shape.map((length) => length ?? "*").join(",")}]`;

/** The first few fields: `name type[shape]`. */
function fieldsText(fields: readonly SignatureField[] | null | undefined): string | null {
  if (fields === null || fields === undefined || fields.length === 0) return null;
  const texts = fields
    .slice(0, mostShown)
    .map(({ name, type, shape }) => [name, `${type}${sizeOf(shape)}`].filter((part) => part !== null).join(" "));
  return listText(texts, fields.length);
}
