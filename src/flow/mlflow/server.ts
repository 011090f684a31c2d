import { z } from "zod";
import type { ModelyardError } from "../../contract/errors.ts";
import { getWeb, redirectOf, shown, unreadable, type Web, type WebAnswer } from "../web.ts";
import {
  artifactSchema,
  type MlflowArtifact,
  type MlflowModel,
  type MlflowRun,
  type MlflowVersion,
  modelPageSchema,
  modelSchema,
  runSchema,
  versionPageSchema,
} from "./wire.ts";

/** An MLflow server, as an import asks it. Every call throws source-unreadable when it does not answer as one. */
export interface MlflowServer {
  /** Its URL without a slash at the end. */
  url: string;
  models(): AsyncGenerator<MlflowModel>;
  /** Undefined when there is no such model. */
  model(name: string): Promise<MlflowModel | undefined>;
  /** All versions of a model, lowest first. */
  versions(name: string): Promise<MlflowVersion[]>;
  /** Where the files of a version are; undefined when the server cannot tell. */
  artifactUri(name: string, version: number): Promise<string | undefined>;
  run(id: string): Promise<MlflowRun | undefined>;
  /** What stands in a folder of the artifacts that the server serves; undefined when it serves none. */
  list(folder: string): Promise<MlflowArtifact[] | undefined>;
  file(path: string): Promise<WebAnswer>;
}

/** Bytes of one JSON answer. */
const answerLimit = 64 << 20;
const maxPages = 10_000;
const api = "/api/2.0/mlflow";
const artifacts = "/api/2.0/mlflow-artifacts/artifacts";

interface Answer {
  status: number;
  text: string;
}
type Ask = (path: string, query: Record<string, string>) => Promise<Answer>;

/** `authorization` is the header that MLflow's own client would send, if any. */
export function mlflowServer(web: Web, url: string, authorization: string | undefined): MlflowServer {
  const base = url.replace(/[?#].*$/, "").replace(/\/+$/, "");
  const headers: Record<string, string> = authorization === undefined ? {} : { authorization };
  const get = async (url: string) => {
    const answer = await getWeb(web, url, headers);
    const next = redirectOf(answer, url);
    // the token or password is for this server only
    if (next !== undefined) throw unreadable(shown(base), `it points to ${shown(next)}; name that server instead`);
    return answer;
  };
  const ask: Ask = async (path, query) => {
    const answer = await get(`${base}${path}?${new URLSearchParams(query)}`);
    return { status: answer.status, text: await answer.text(answerLimit) };
  };
  const must = async <Schema extends z.ZodType>(path: string, query: Record<string, string>, schema: Schema) =>
    parse(base, await ask(path, query), schema);
  return {
    url: base,
    models: () =>
      paged(base, async (token) => {
        const page = await must(`${api}/registered-models/search`, { max_results: "100", ...token }, modelPageSchema);
        return { items: page.registered_models, next: page.next_page_token };
      }),
    async model(name) {
      const answer = await ask(`${api}/registered-models/get`, { name });
      if (codeOf(answer) === "RESOURCE_DOES_NOT_EXIST") return undefined;
      return parse(base, answer, z.object({ registered_model: modelSchema })).registered_model;
    },
    async versions(name) {
      const query = { filter: `name=${quoted(name)}`, max_results: "1000" };
      const found: MlflowVersion[] = [];
      const pages = paged(base, async (token) => {
        const page = await must(`${api}/model-versions/search`, { ...query, ...token }, versionPageSchema);
        return { items: page.model_versions.filter((version) => version.name === name), next: page.next_page_token };
      });
      for await (const version of pages) found.push(version);
      return found.sort((a, b) => a.version - b.version);
    },
    async artifactUri(name, version) {
      const answer = await ask(`${api}/model-versions/get-download-uri`, { name, version: String(version) });
      if (answer.status !== 200 && codeOf(answer) !== undefined && answer.status !== 401) return undefined;
      return parse(base, answer, z.object({ artifact_uri: z.string().optional() })).artifact_uri;
    },
    async run(id) {
      const answer = await ask(`${api}/runs/get`, { run_id: id });
      if (codeOf(answer) === "RESOURCE_DOES_NOT_EXIST") return undefined;
      return parse(base, answer, z.object({ run: runSchema })).run;
    },
    async list(folder) {
      const answer = await ask(artifacts, { path: folder });
      // the one refusal that tells of no failure: `mlflow server --no-serve-artifacts`
      if (answer.status === 503 && answer.text.includes("--serve-artifacts")) return undefined;
      return parse(base, answer, z.object({ files: z.array(artifactSchema).default([]) })).files;
    },
    async file(path) {
      const answer = await get(`${base}${artifacts}/${path.split("/").map(encodeURIComponent).join("/")}`);
      if (answer.status === 200) return answer;
      throw refusal(base, { status: answer.status, text: await answer.text(answerLimit) });
    },
  };
}

async function* paged<Item>(
  base: string,
  page: (token: { page_token?: string }) => Promise<{ items: Item[]; next: string | undefined }>,
): AsyncGenerator<Item> {
  let token: { page_token?: string } = {};
  for (let count = 0; count < maxPages; count += 1) {
    const { items, next } = await page(token);
    yield* items;
    if (next === undefined || next === "" || next === token.page_token) return;
    token = { page_token: next };
  }
  throw unreadable(shown(base), `its list does not end after ${maxPages} pages`);
}

function readJson({ text }: Answer): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** MLflow's own code of an error; undefined for what is none of it. */
function codeOf(answer: Answer): string | undefined {
  const { error_code: code } = (readJson(answer) ?? {}) as { error_code?: unknown };
  return typeof code === "string" ? code : undefined;
}

function parse<Schema extends z.ZodType>(base: string, answer: Answer, schema: Schema): z.output<Schema> {
  const value = answer.status === 200 ? readJson(answer) : undefined;
  if (value === undefined) throw refusal(base, answer);
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  const { path, message } = parsed.error.issues[0] ?? { path: [], message: "" };
  throw unreadable(shown(base), `it does not answer as MLflow does (${path.join(".")}: ${message})`);
}

function refusal(base: string, answer: Answer): ModelyardError {
  const { status } = answer;
  const code = codeOf(answer);
  if (status === 401 || status === 403)
    return unreadable(
      shown(base),
      `it answers ${status}; set MLFLOW_TRACKING_TOKEN, or MLFLOW_TRACKING_USERNAME and MLFLOW_TRACKING_PASSWORD`,
    );
  if (code === undefined) return unreadable(shown(base), `it answers ${status} and is no MLflow server`);
  const { message } = readJson(answer) as { message?: unknown };
  return unreadable(shown(base), `it answers ${status} ${code}: ${String(message ?? "").slice(0, 300)}`);
}

/** MLflow's filters know no escaped quotes. */
const quoted = (name: string): string => (name.includes("'") ? `"${name}"` : `'${name}'`);
