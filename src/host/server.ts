import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { asModelyardError } from "../contract/known-error.ts";
import { type Answer, errorAnswer, jsonAnswer, send, textAnswer } from "./answer.ts";
import { authenticate } from "./auth.ts";
import { healthAnswer, mainRevision } from "./health.ts";
import { requestIdOf } from "./request-id.ts";
import { type Asked, allow, askedOf, routeNotFound } from "./routes.ts";
import { type ScorePorts, score } from "./score.ts";
import { nextRevision, type ServiceTable } from "./service-table.ts";
import { swaggerOf } from "./swagger.ts";

export interface ServerPorts extends ScorePorts {
  table: ServiceTable;
}

/** The scoring port: scoring, health and description of every service. Keys are checked before a body is read. */
export function makeScoringServer(ports: ServerPorts): Server {
  const onRequest = (request: IncomingMessage, response: ServerResponse) => {
    const requestId = requestIdOf(request.headers, ports.clock.now());
    try {
      const answer = route(askedOf(request), request, response, requestId, ports);
      if (answer !== undefined) send(response, answer, requestId);
    } catch (thrown) {
      const error = asModelyardError(thrown);
      if (error.code === "internal") ports.log.error({ requestId, error: (thrown as Error).stack }, "a bug");
      send(response, errorAnswer(error, requestId), requestId);
    }
  };
  const server = createServer({ keepAliveTimeout: 75_000 }, onRequest);
  // the body is asked for only when the request is one that will be read
  server.on("checkContinue", onRequest);
  return server;
}

/** The answer, or undefined when scoring will give it. Errors are thrown. */
function route(
  asked: Asked,
  request: IncomingMessage,
  response: ServerResponse,
  requestId: string,
  ports: ServerPorts,
): Answer | undefined {
  if (asked.path === "/healthz") {
    allow(asked, "GET", "HEAD");
    return textAnswer(200, "ok");
  }
  const [, name, rest] = /^\/services\/([^/]+)\/(score|swagger\.json|)$/.exec(asked.path) ?? [];
  if (name === undefined) throw routeNotFound(asked);
  allow(asked, ...(rest === "score" ? ["POST"] : ["GET", "HEAD"]));
  const service = ports.table.get(name);
  if (rest === "") return healthAnswer(service);
  authenticate(service.wanted, request.headers.authorization);
  if (rest === "swagger.json") return jsonAnswer(200, swaggerOf(name, request.headers.host, mainRevision(service)));
  void score(request, response, { service, requestId, choose: () => nextRevision(service), record: true }, ports);
  return undefined;
}
