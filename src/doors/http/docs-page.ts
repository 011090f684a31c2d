import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { type ErrorCode, errorTable, ModelyardError } from "../../contract/errors.ts";

type Json = Record<string, unknown>;

const escapes: Record<string, string> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&#39;" };
const escaped = (text: unknown): string =>
  String(text ?? "").replace(/[&<>"']/g, (character) => escapes[character] ?? character);

export const pageStyle = `
:root { color-scheme: light dark; --line: #8884; --soft: #8881; --accent: #2563eb; }
@media (prefers-color-scheme: dark) { :root { --accent: #7aa7ff; } }
body { font: 16px/1.5 system-ui, sans-serif; margin: 0 auto; max-width: 60rem; padding: 1rem; }
h1 { margin-bottom: 0; } h2 { margin-top: 2.5rem; text-transform: capitalize; border-bottom: 1px solid var(--line); }
a { color: var(--accent); }
details { border: 1px solid var(--line); border-radius: 6px; margin: .5rem 0; }
summary { cursor: pointer; padding: .5rem .75rem; display: flex; gap: .75rem; flex-wrap: wrap; align-items: baseline; }
details > div { padding: 0 .75rem .75rem; }
.method { font: 600 .8rem ui-monospace, monospace; min-width: 4rem; color: var(--accent); }
code, pre { font: .85rem/1.45 ui-monospace, monospace; } code { overflow-wrap: anywhere; }
pre { background: var(--soft); border-radius: 6px; padding: .75rem; overflow-x: auto; }
table { border-collapse: collapse; width: 100%; } th, td { text-align: left; vertical-align: top; padding: .25rem .5rem .25rem 0; border-bottom: 1px solid var(--line); }
.role { margin-left: auto; font-size: .8rem; opacity: .8; }
`;

const page = (title: string, body: string): string =>
  `<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><title>${escaped(title)}</title><link rel="stylesheet" href="/docs/style.css"></head><body>${body}</body></html>`;

function typeOf(schema: Json): string {
  const {
    type,
    enum: values,
    anyOf,
    items,
  } = schema as { type?: string | string[]; enum?: string[]; anyOf?: Json[]; items?: Json };
  if (values !== undefined) return values.join(" | ");
  if (anyOf !== undefined) return anyOf.map(typeOf).join(" | ");
  if (type === "array" && items !== undefined) return `list of ${typeOf(items)}`;
  return [type ?? "any"].flat().join(" | ");
}

function fieldRow(name: string, place: string, schema: Json, required: boolean): string {
  const initial =
    schema.default === undefined ? "" : ` Default: <code>${escaped(JSON.stringify(schema.default))}</code>.`;
  return `<tr><td><code>${escaped(name)}</code>${required ? " *" : ""}</td><td>${escaped(place)}</td><td>${escaped(typeOf(schema))}</td><td>${escaped(schema.description)}${initial}</td></tr>`;
}

function fields(operation: Json): string {
  const rows = (operation.parameters as Json[]).map((parameter) =>
    fieldRow(
      parameter.name as string,
      parameter.in as string,
      { description: parameter.description, ...(parameter.schema as Json) },
      parameter.required as boolean,
    ),
  );
  const body = ((operation.requestBody as Json | undefined)?.content as Json | undefined)?.["application/json"] as
    | Json
    | undefined;
  const { properties = {}, required = [] } = (body?.schema ?? {}) as {
    properties?: Record<string, Json>;
    required?: string[];
  };
  for (const [name, schema] of Object.entries(properties))
    rows.push(fieldRow(name, "body", schema, required.includes(name)));
  const example =
    body?.example === undefined
      ? ""
      : `<h4>Example body</h4><pre>${escaped(JSON.stringify(body.example, null, 2))}</pre>`;
  return `${rows.length === 0 ? "" : `<table><tr><th>Field</th><th>In</th><th>Type</th><th>Meaning</th></tr>${rows.join("")}</table>`}${example}`;
}

function answers(operation: Json): string {
  const responses = Object.entries(operation.responses as Record<string, Json>);
  const done = (
    (responses.find(([status]) => status === "200")?.[1].content as Json | undefined)?.["application/json"] as
      | Json
      | undefined
  )?.example;
  const errors = responses
    .filter(([status]) => status !== "200")
    .flatMap(([status, { description }]) =>
      String(description)
        .split(", ")
        .map(
          (code) =>
            `<tr><td>${escaped(status)}</td><td><a href="/docs/errors/${escaped(code)}"><code>${escaped(code)}</code></a></td></tr>`,
        ),
    );
  return `${done === undefined ? "" : `<h4>Answer</h4><pre>${escaped(JSON.stringify(done, null, 2))}</pre>`}<h4>Errors</h4><table>${errors.join("")}</table>`;
}

/** The API reference as one page without a script, made of the OpenAPI document. */
export function docsPage(document: Json): string {
  const sections = new Map<string, string[]>();
  for (const [path, methods] of Object.entries(document.paths as Record<string, Record<string, Json>>))
    for (const [method, operation] of Object.entries(methods)) {
      const [tag = ""] = operation.tags as string[];
      const head = `<summary><span class="method">${escaped(method.toUpperCase())}</span><code>${escaped(path)}</code><span>${escaped(operation.summary)}</span><span class="role">${escaped(operation.description)}</span></summary>`;
      sections.set(tag, [
        ...(sections.get(tag) ?? []),
        `<details id="${escaped(operation.operationId)}">${head}<div>${fields(operation)}${answers(operation)}</div></details>`,
      ]);
    }
  const { title, version } = document.info as Json;
  const body = [...sections]
    .map(([tag, entries]) => `<h2 id="${escaped(tag)}">${escaped(tag)}</h2>${entries.join("")}`)
    .join("");
  const intro = `<p>Version ${escaped(version)}. Send <code>Authorization: Bearer &lt;token&gt;</code> with every request. The same as a document: <a href="/openapi.json">OpenAPI 3.1</a>.</p>`;
  return page(`${escaped(title)} API`, `<h1>${escaped(title)} API</h1>${intro}${body}`);
}

/** The page of an error code, from docs/errors/<code>.md. */
export async function errorPage(folder: string, code: string): Promise<string> {
  if (!Object.hasOwn(errorTable, code))
    throw new ModelyardError("route-not-found", { method: "GET", path: `/docs/errors/${code}` });
  const text = await readFile(join(folder, `${code as ErrorCode}.md`), "utf8");
  return page(code, renderMarkdown(text));
}

/** The small part of Markdown that the error pages use: headings, lists, code and paragraphs. */
function renderMarkdown(text: string): string {
  const inline = (line: string) => escaped(line).replace(/`([^`]+)`/g, "<code>$1</code>");
  return text
    .split(/\n{2,}/)
    .map((block) => {
      const heading = /^(#+) (.*)/.exec(block);
      if (heading !== null) return `<h${heading[1]?.length}>${inline(heading[2] ?? "")}</h${heading[1]?.length}>`;
      if (block.startsWith("```")) return `<pre>${escaped(block.replace(/^```.*\n|\n?```\s*$/g, ""))}</pre>`;
      if (block.startsWith("- "))
        return `<ul>${block
          .split(/\n(?=- )/)
          .map((item) => `<li>${inline(item.slice(2))}</li>`)
          .join("")}</ul>`;
      return `<p>${inline(block)}</p>`;
    })
    .join("");
}
