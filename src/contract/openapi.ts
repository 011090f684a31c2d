import { z } from "zod";
import { errorTable } from "./errors.ts";
import type { Operation } from "./operation.ts";
import { operationEntries } from "./operations.ts";

type Json = Record<string, unknown>;

const schemaOf = (schema: z.ZodType, io: "input" | "output"): Json => {
  const { $schema: _, ...json } = z.toJSONSchema(schema, { io, unrepresentable: "any", override }) as Json;
  return json;
};

/** A number that may also be a text is described as the number, and its default, which zod leaves out, is told. */
function override({ zodSchema, jsonSchema }: { zodSchema: z.core.$ZodTypes; jsonSchema: object }): void {
  const { def } = zodSchema._zod;
  if (def.type === "default") Object.assign(jsonSchema, { default: def.defaultValue });
  if (def.type !== "pipe" || def.out._zod.def.type !== "number") return;
  const { $schema: _, ...number } = z.toJSONSchema(def.out) as Json;
  Reflect.deleteProperty(jsonSchema, "anyOf");
  Object.assign(jsonSchema, number);
}

/** Members of an operation's input that stand in its path. */
export const pathMembers = (operation: Operation): string[] =>
  [...operation.path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name ?? "");

const isRequired = (schema: z.ZodType): boolean => !schema.safeParse(undefined).success;

function parameters(operation: Operation): Json[] {
  const inPath = pathMembers(operation);
  const example = operation.example.input as Json;
  return Object.entries(operation.input.shape)
    .filter(([name]) => inPath.includes(name) || operation.body !== "json")
    .map(([name, schema]) => ({
      name,
      in: inPath.includes(name) ? "path" : "query",
      required: inPath.includes(name) || isRequired(schema as z.ZodType),
      description: (schema as z.ZodType).description,
      schema: schemaOf(schema as z.ZodType, "input"),
      ...(example[name] === undefined ? {} : { example: example[name] }),
    }));
}

function requestBody(operation: Operation): Json | undefined {
  if (operation.body === "none") return undefined;
  if (operation.body === "bytes")
    return {
      required: true,
      content: { "application/octet-stream": { schema: { type: "string", format: "binary" } } },
    };
  const inPath = pathMembers(operation);
  const rest = Object.fromEntries(Object.entries(operation.input.shape).filter(([name]) => !inPath.includes(name)));
  const example = Object.fromEntries(
    Object.entries(operation.example.input as Json).filter(([name]) => !inPath.includes(name)),
  );
  return {
    required: Object.values(rest).some((schema) => isRequired(schema as z.ZodType)),
    content: { "application/json": { schema: schemaOf(z.strictObject(rest), "input"), example } },
  };
}

function answer(operation: Operation): Json {
  if (operation.answer === "bytes")
    return {
      description: "The bytes",
      content: { "application/octet-stream": { schema: { type: "string", format: "binary" } } },
    };
  if (operation.answer === "events")
    return {
      description:
        "Server-sent events without end. The data of a message is a CloudEvent, its id the cursor, which `Last-Event-ID` gives back. An event `reset` says that some are not kept any more.",
      content: { "text/event-stream": { schema: { type: "string" }, example: "id: 42\ndata: {…}\n\n" } },
    };
  const json = { schema: schemaOf(operation.output, "output"), example: operation.example.output };
  const progress = {
    schema: { type: "string" },
    example: '{"event":"step","step":"start","message":"starting revision 1"}\n{"event":"result","result":{}}\n',
  };
  return {
    description: "Done",
    content: {
      "application/json": json,
      ...(operation.answer === "progress" ? { "application/x-ndjson": progress } : {}),
    },
  };
}

/** Codes an operation may answer beside its own: every one reads its input and needs a role. */
const everywhere = ["invalid-input", "unauthenticated", "forbidden", "internal"] as const;

function errorAnswers(operation: Operation): Json {
  const byStatus = new Map<number, string[]>();
  for (const code of [...everywhere, ...operation.errors]) {
    const { status } = errorTable[code];
    byStatus.set(status, [...(byStatus.get(status) ?? []), code]);
  }
  const content = { "application/json": { schema: { $ref: "#/components/schemas/Error" } } };
  return Object.fromEntries(
    [...byStatus].map(([status, codes]) => [status, { description: codes.join(", "), content }]),
  );
}

const errorSchema = z.object({
  error: z.object({
    code: z.string(),
    message: z.string(),
    fix: z.string(),
    docs: z.string(),
    requestId: z.string().optional(),
  }),
});

/** The OpenAPI 3.1 document of every operation, under the given server URL. */
export function openApi(serverUrl: string, version: string): Json {
  const paths: Record<string, Json> = {};
  for (const [, operation] of operationEntries) {
    const path = `/api/v1${operation.path}`;
    paths[path] = {
      ...paths[path],
      [operation.method.toLowerCase()]: {
        operationId: operation.id,
        summary: operation.summary,
        description: `Takes the role ${operation.role}.`,
        tags: [operation.step],
        parameters: parameters(operation),
        requestBody: requestBody(operation),
        responses: { 200: answer(operation), ...errorAnswers(operation) },
      },
    };
  }
  return {
    openapi: "3.1.0",
    info: {
      title: "Modelyard",
      version,
      description: "Register, use, monitor and update models.",
      license: { name: "Apache-2.0", identifier: "Apache-2.0" },
    },
    servers: [{ url: serverUrl }],
    security: [{ token: [] }],
    paths,
    components: {
      securitySchemes: { token: { type: "http", scheme: "bearer" } },
      schemas: { Error: schemaOf(errorSchema, "output") },
    },
  };
}
