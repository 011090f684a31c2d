import type { WantedRevision } from "../contract/host.ts";

const path = (summary: object) => ({ ...summary, produces: ["application/json"], schemes: ["http"] });
const answers = (schema: object) => ({
  200: { description: "The answer of the model", schema },
  default: { description: "An error", schema: { $ref: "#/definitions/ErrorResponse" } },
});

/** Where a description was asked for: the Host header of the request, and the path before `/swagger.json`. */
export interface SwaggerPlace {
  host: string | undefined;
  basePath: string;
}

/** Swagger 2.0 of one service, as Azure ML's services describe themselves. */
export function swaggerOf(
  service: string,
  { host, basePath }: SwaggerPlace,
  revision: WantedRevision | undefined,
): object {
  const security = [{ Bearer: [] }];
  return {
    swagger: "2.0",
    info: {
      title: service,
      description: `API of the Modelyard service ${service}`,
      version: String(revision?.number ?? 0),
    },
    ...(host === undefined ? {} : { host }),
    basePath,
    schemes: ["http"],
    consumes: ["application/json"],
    produces: ["application/json"],
    securityDefinitions: {
      Bearer: { type: "apiKey", name: "Authorization", in: "header", description: "For example: Bearer abc123" },
    },
    paths: {
      "/": {
        get: {
          operationId: "ServiceHealthCheck",
          description: "Says whether the service is ready",
          produces: ["text/plain"],
          responses: answers({ type: "string", example: "Healthy" }),
        },
      },
      "/score": {
        post: path({
          operationId: "RunMLService",
          description: "Runs the model on the input and answers its output",
          security,
          parameters: [
            { name: "serviceInputPayload", in: "body", required: true, schema: { $ref: "#/definitions/ServiceInput" } },
          ],
          responses: answers({ $ref: "#/definitions/ServiceOutput" }),
        }),
      },
    },
    definitions: definitions(revision),
  };
}

function definitions(revision: WantedRevision | undefined): object {
  const example = exampleOf(revision?.sample ?? null);
  const error = {
    code: { type: "string" },
    message: { type: "string" },
    fix: { type: "string" },
    docs: { type: "string" },
    requestId: { type: "string" },
  };
  return {
    ServiceInput: { ...inputSchema(revision), ...(example === undefined ? {} : { example }) },
    ServiceOutput:
      revision?.script === null
        ? { type: "array", description: "One item for each row", items: {} }
        : { type: "object", description: "Whatever run() of the entry script returns" },
    ErrorResponse: { type: "object", properties: { error: { type: "object", properties: error } } },
  };
}

function inputSchema(revision: WantedRevision | undefined): object {
  if (revision?.script !== null) return { type: "object", description: "Handed to run() of the entry script as text" };
  const { input } = revision.signature;
  const columns = input.kind === "rows" ? input.columns : null;
  const width = columns === null ? {} : { minItems: columns, maxItems: columns };
  const names = input.kind === "rows" && input.names !== null ? { description: input.names.join(", ") } : {};
  const row = { type: "array", items: {}, ...width, ...names };
  return {
    type: "object",
    required: ["data"],
    properties: {
      data: { type: "array", description: "One list for each row", items: row },
      method: { type: "string", enum: ["predict", "predict_proba"], default: "predict" },
    },
  };
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
