import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { createServer as createTlsServer } from "node:https";
import { asModelyardError } from "../contract/known-error.ts";
import type { TlsPair } from "../kernel/tls-files.ts";
import { type Answer, textAnswer } from "./answer.ts";
import { type FailureLog, makeFailureLog } from "./failure-log.ts";
import { isHealthPath } from "./health.ts";
import type { HttpRequest } from "./http/http-request.ts";
import { nodeRequest } from "./http/node-request.ts";
import { answerPlainRequests } from "./http/plain-server.ts";
import { azure } from "./languages/azure.ts";
import { errorPages, isErrorPagePath } from "./languages/error-pages.ts";
import { inference, isInferencePath } from "./languages/inference.ts";
import type { Call, Language, ServerPorts } from "./languages/language.ts";
import { isMlflowPath, mlflow } from "./languages/mlflow.ts";
import { isMetricsPath, prometheus } from "./languages/prometheus.ts";
import { isUpstreamPath, upstream } from "./languages/upstream.ts";
import { requestIdOf } from "./request-id.ts";
import { askedOf } from "./routes.ts";

/** The scoring port: every service in every request language, with TLS when a pair is given. */
export function makeScoringServer(ports: ServerPorts, tls?: TlsPair): Server {
  // apart from those of services: a flood of strangers must not hide them
  const failures = makeFailureLog(ports.log);
  const onRequest = (request: HttpRequest) => {
    const requestId = requestIdOf(request.headers, ports.clock.now());
    const asked = askedOf(request);
    // a plain request was asked already: what is passed on never comes here without what node:http made of it
    const language =
      request.raw !== undefined && isUpstreamPath(asked.path, ports.table) ? upstream : languageOf(asked.path);
    const call: Call = { asked, request, requestId, ports };
    const finish = (answer: Answer | undefined) => {
      if (answer !== undefined) request.answer(answer, requestId, ports.draining());
    };
    const fail = (thrown: unknown) => finish(failedAnswer(thrown, language, call, failures));
    if (ports.draining() && isHealthPath(asked.path)) return finish(textAnswer(503, "The host is stopping"));
    try {
      const answer = language.route(call);
      if (answer instanceof Promise) answer.then(finish).catch(fail);
      else finish(answer);
    } catch (thrown) {
      fail(thrown);
    }
  };
  const onNodeRequest = (request: IncomingMessage, response: ServerResponse) => {
    const one = nodeRequest(request, response);
    if (!hasTwoHosts(request)) return onRequest(one);
    const requestId = requestIdOf(request.headers, ports.clock.now());
    one.answer(textAnswer(400, "The request has more than one Host header"), requestId, true);
  };
  const options = { keepAliveTimeout: 75_000 };
  const server =
    tls === undefined ? createServer(options, onNodeRequest) : createTlsServer({ ...options, ...tls }, onNodeRequest);
  // the body is asked for only when the request is one that will be read
  server.on("checkContinue", onNodeRequest);
  answerPlainRequests(server, ports.clock, {
    onRequest,
    isForServer: (url) => isUpstreamPath(url, ports.table),
  });
  return server;
}

/** RFC 9112 §3.2; node:http takes the first of them. A plain request has one (plain-head.ts). */
const hasTwoHosts = ({ rawHeaders }: IncomingMessage): boolean =>
  rawHeaders.filter((text, index) => index % 2 === 0 && text.toLowerCase() === "host").length > 1;

function failedAnswer(thrown: unknown, language: Language, call: Call, failures: FailureLog): Answer {
  const { asked, request, requestId, ports } = call;
  const error = asModelyardError(thrown);
  const { code, status } = error;
  if (code === "internal") ports.log.error({ requestId, error: (thrown as Error).stack }, "a bug");
  failures.note({ requestId, status, code, path: pathToLog(asked.path, ports.table) }, request.headers);
  return language.errorAnswer(error, call);
}

/** A path below a service whose columns are redacted may hold values of theirs: it ends with the name of the service. */
function pathToLog(path: string, table: ServerPorts["table"]): string {
  const [start, name] = /^(?:\/services|\/api\/v1\/service)\/([^/]+)\//.exec(path) ?? [];
  const service = table.find(name ?? "");
  return start === undefined || service?.wanted.record.fields === undefined ? path.slice(0, 200) : `${start}…`;
}

/** The language of a path. What no other one claims is Azure ML's, which is tried first for its speed. */
function languageOf(path: string): Language {
  if (path.endsWith("/score")) return azure;
  if (isInferencePath(path)) return inference;
  if (isMetricsPath(path)) return prometheus;
  if (isErrorPagePath(path)) return errorPages;
  return isMlflowPath(path) ? mlflow : azure;
}
