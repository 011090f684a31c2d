import { join } from "node:path";
import Fastify, { type FastifyInstance, type FastifyReply, type FastifyRequest } from "fastify";
import { ModelyardError } from "../../contract/errors.ts";
import { metricsContentType } from "../../contract/host.ts";
import { asModelyardError } from "../../contract/known-error.ts";
import { openApi } from "../../contract/openapi.ts";
import type { Operation } from "../../contract/operation.ts";
import { operationEntries } from "../../contract/operations.ts";
import { uuid7 } from "../../kernel/ids.ts";
import type { Log } from "../../kernel/log.ts";
import { addCspReports } from "./csp-reports.ts";
import { docsPage, errorPage, pageStyle } from "./docs-page.ts";
import { refuseForeign } from "./foreign-requests.ts";
import { answerOperation } from "./operation-route.ts";
import { answerHeaders, pageHeaders } from "./page-headers.ts";
import { type HttpPorts, stackOf } from "./ports.ts";
import { addSessionDoor } from "./session-door.ts";
import { addWebPages } from "./web-pages.ts";

/** Bytes of a JSON body: enough for a long list of files, a script's requirements and a sample. */
const jsonLimit = 32 << 20;

/** The HTTP API: every operation of the contract as a route, its documents, and nothing that decides. */
export function makeHttpApp(ports: HttpPorts): FastifyInstance {
  const app = Fastify({
    bodyLimit: jsonLimit,
    genReqId: (request) => requestId(request.headers["x-request-id"]),
    routerOptions: { maxParamLength: 2000 },
    // what the router refuses by itself comes here, past hooks and handlers
    frameworkErrors: (error, request, reply) => void sendError(ports.log, asHttpError(error, request), request, reply),
  });
  app.addHook("onRequest", async (request, reply) => {
    reply.headers({ "x-request-id": request.id, ...answerHeaders });
  });
  app.addHook("onRequest", refuseForeign(ports.allowedHosts));
  app.removeContentTypeParser("text/plain");
  app.addContentTypeParser("*", (_request, payload, done) => done(null, payload));
  app.setErrorHandler((error, request, reply) => sendError(ports.log, asHttpError(error, request), request, reply));
  addOperations(app, ports, (operation) => operation.body !== "bytes");
  // bytes are bytes whatever their type is said to be: JSON too is kept as it came
  app.register(async (scope) => {
    scope.removeAllContentTypeParsers();
    scope.addContentTypeParser("*", (_request, payload, done) => done(null, payload));
    addOperations(scope, ports, (operation) => operation.body === "bytes");
  });
  addDocuments(app, ports);
  addSessionDoor(app, ports);
  const page = addWebPages(app, { folder: ports.webFolder });
  app.setNotFoundHandler((request, reply) =>
    isBrowsing(request) ? page(request, reply.code(404)) : sendError(ports.log, notFound(request), request, reply),
  );
  addCspReports(app, ports);
  return app;
}

function addOperations(app: FastifyInstance, ports: HttpPorts, isHere: (operation: Operation) => boolean): void {
  for (const [name, operation] of operationEntries)
    if (isHere(operation))
      app.route({
        method: operation.method,
        // a stream without end has no head
        exposeHeadRoute: operation.answer !== "events",
        url: `/api/v1${operation.path.replace(/\{(\w+)\}/g, ":$1")}`,
        handler: (request, reply) => answerOperation(ports, name, operation, request, reply),
      });
}

function requestId(given: string | string[] | undefined): string {
  return typeof given === "string" && /^[\w.:-]{1,100}$/.test(given) ? given : uuid7();
}

function addDocuments(app: FastifyInstance, ports: HttpPorts): void {
  const html = pageHeaders();
  app.get("/healthz", async () => ({ status: "ok", build: ports.build, version: ports.version, pid: process.pid }));
  app.get("/metrics", async (request, reply) => {
    await ports.admit(request.headers.authorization, { id: "metrics", role: "reader" });
    return reply.type(metricsContentType).send(await ports.metrics());
  });
  app.get("/openapi.json", async () => openApi(ports.url(), ports.version));
  app.get("/docs", async (_request, reply) => reply.headers(html).send(docsPage(openApi(ports.url(), ports.version))));
  app.get("/docs/style.css", async (_request, reply) => reply.type("text/css; charset=utf-8").send(pageStyle));
  app.get<{ Params: { code: string } }>("/docs/errors/:code", async (request, reply) =>
    reply.headers(html).send(await errorPage(join(ports.docsFolder, "errors"), request.params.code)),
  );
}

/** Whether a person typed or followed an address that may be meant for the pages: their words for what is not there are better than JSON. */
const isBrowsing = ({ method, url, headers }: FastifyRequest): boolean =>
  method === "GET" && /\btext\/html\b/.test(headers.accept ?? "") && !/^\/(api|assets|docs)\//.test(url);

function notFound(request: FastifyRequest): ModelyardError {
  const path = request.url.split("?", 1)[0] ?? "";
  const matching = operationEntries.filter(([, operation]) =>
    new RegExp(`^/api/v1${operation.path.replace(/\{\w+\}/g, "[^/]+")}$`).test(path),
  );
  const allowed = [...new Set(matching.map(([, operation]) => operation.method))];
  if (allowed.length > 0) return new ModelyardError("method-not-allowed", { path, method: request.method, allowed });
  return new ModelyardError("route-not-found", { method: request.method, path });
}

/** Fastify's own refusals (malformed JSON, too large, unknown media type) in the words of the table. */
function asHttpError(error: unknown, request: FastifyRequest): ModelyardError {
  if (error instanceof ModelyardError) return error;
  const { statusCode, message, code } = error as { statusCode?: number; message?: string; code?: string };
  if (code === "FST_ERR_BAD_URL" || code === "FST_ERR_MAX_PARAM_LENGTH")
    return new ModelyardError("invalid-input", { problems: "the path is too long, or not encoded as UTF-8" });
  if (code === "FST_ERR_CTP_BODY_TOO_LARGE")
    return new ModelyardError("body-too-large", { limit: request.routeOptions?.bodyLimit ?? jsonLimit });
  if (statusCode !== undefined && statusCode < 500)
    return new ModelyardError("invalid-input", { problems: message ?? "the request cannot be read" });
  return asModelyardError(error);
}

function sendError(log: Log, error: ModelyardError, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  const fields = {
    requestId: request.id,
    method: request.method,
    path: request.url.split("?", 1)[0],
    code: error.code,
  };
  if (error.code === "internal") log.error({ ...fields, cause: stackOf(error.cause) }, error.message);
  else log.warn(fields, error.message);
  if (error.code === "unauthenticated") reply.header("www-authenticate", "Bearer");
  if (error.code === "method-not-allowed") reply.header("allow", [error.details.allowed].flat().join(", "));
  return reply
    .code(error.status)
    .header("x-request-id", request.id)
    .send({ error: error.toPublic(request.id) });
}
