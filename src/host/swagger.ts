import type { WantedRevision } from "../contract/host.ts";
import type { ScriptSchema } from "./engines/worker-frames.ts";

/** What is described, and where it was asked for: the Host header of the request, and the path before `/swagger.json`. */
export interface Described {
  service: string;
  place: { host: string | undefined; basePath: string; scheme: "http" | "https" };
  revision: WantedRevision;
  /** What the decorators of the entry script say. */
  schema: ScriptSchema | undefined;
}

const bearer = { type: "apiKey", name: "Authorization", in: "header", description: "For example: Bearer abc123" };
const health = { operationId: "ServiceHealthCheck", description: "Says whether the service is ready" };
const scoring = { operationId: "RunMLService", description: "Runs the model on the input and answers its output" };
const json = "application/json";
const healthy = { type: "string", example: "Healthy" };
const good = "The answer of the model";
const bad = "An error";

function infoOf({ service, revision }: Described): object {
  const description = `API of the Modelyard service ${service}`;
  return { title: service, description, version: String(revision.number) };
}

/** Swagger 2.0 of one service, as Azure ML's services describe themselves. */
export function swaggerOf(described: Described): object {
  const { host, basePath, scheme } = described.place;
  const answers = (schema: object) => ({
    200: { description: good, schema },
    default: { description: bad, schema: { $ref: "#/definitions/ErrorResponse" } },
  });
  const payload = { name: "serviceInputPayload", in: "body", required: true };
  return {
    swagger: "2.0",
    info: infoOf(described),
    ...(host === undefined ? {} : { host }),
    basePath,
    schemes: [scheme],
    consumes: [json],
    produces: [json],
    securityDefinitions: { Bearer: bearer },
    paths: {
      "/": { get: { ...health, produces: ["text/html"], responses: answers(healthy) } },
      "/score": {
        post: {
          ...scoring,
          security: [{ Bearer: [] }],
          parameters: [{ ...payload, schema: { $ref: "#/definitions/ServiceInput" } }],
          responses: answers({ $ref: "#/definitions/ServiceOutput" }),
          produces: [json],
          schemes: [scheme],
        },
      },
    },
    definitions: schemasOf(described),
  };
}

/** OpenAPI 3 of one service. */
export function openApiOf(described: Described, openapi: "3.0.3" | "3.1.0"): object {
  const { host, basePath, scheme } = described.place;
  const reference = (name: string) => ({ $ref: `#/components/schemas/${name}` });
  const answers = (type: string, schema: object) => ({
    200: { description: good, content: { [type]: { schema } } },
    default: { description: bad, content: { [json]: { schema: reference("ErrorResponse") } } },
  });
  return {
    openapi,
    info: infoOf(described),
    servers: [{ url: host === undefined ? basePath : `${scheme}://${host}${basePath}` }],
    security: [{ Bearer: [] }],
    paths: {
      "/": { get: { ...health, security: [], responses: answers("text/html", healthy) } },
      "/score": {
        post: {
          ...scoring,
          requestBody: { required: true, content: { [json]: { schema: reference("ServiceInput") } } },
          responses: answers(json, reference("ServiceOutput")),
        },
      },
    },
    components: { schemas: schemasOf(described), securitySchemes: { Bearer: bearer } },
  };
}

const text = { type: "string" };

function schemasOf({ revision, schema }: Described): object {
  const error = { code: text, message: text, fix: text, docs: text, requestId: text };
  const errorResponse = { type: "object", properties: { message: text, error: { type: "object", properties: error } } };
  if (schema !== undefined)
    return { ServiceInput: inputOfScript(schema), ServiceOutput: schema.output, ErrorResponse: errorResponse };
  const example = exampleOf(revision.sample);
  return {
    ServiceInput: { ...inputSchema(revision), ...(example === undefined ? {} : { example }) },
    ServiceOutput:
      revision.script === null
        ? { type: "array", description: "One item for each row", items: {} }
        : { type: "object", description: "Whatever run() of the entry script returns" },
    ErrorResponse: errorResponse,
  };
}

/** The decorators do not say which parameters must come. Swagger and OpenAPI 3.0 have no empty `required`. */
const inputOfScript = ({ input, required }: ScriptSchema): object =>
  required.length === 0 ? input : { ...input, required };

function inputSchema(revision: WantedRevision): object {
  if (revision.script !== null) return { type: "object", description: "Handed to run() of the entry script as text" };
  const { input } = revision.signature;
  const columns = input.kind === "rows" ? input.columns : null;
  const width = columns === null ? {} : { minItems: columns, maxItems: columns };
  const names = input.kind === "rows" && input.names !== null ? { description: input.names.join(", ") } : {};
  const row = { type: "array", items: valueSchema(exampleOf(revision.sample)), ...width, ...names };
  return {
    type: "object",
    required: ["data"],
    properties: {
      data: { type: "array", description: "One list for each row", items: row },
      method: { type: "string", enum: ["predict", "predict_proba"], default: "predict" },
    },
  };
}

/** One value of a row: a number where the sample has nothing else, which is all that is known of a model's columns here. */
function valueSchema(sample: unknown): object {
  const rows = (sample as { data?: unknown } | undefined)?.data;
  const isNumbers = Array.isArray(rows) && rows.flat().every((value) => typeof value === "number");
  return isNumbers ? { type: "number" } : {};
}

/** A sample that is JSON is shown as such, any other as text. */
function exampleOf(sample: string | null): unknown {
  if (sample === null) return undefined;
  try {
    return JSON.parse(sample);
  } catch {
    return sample;
  }
}
