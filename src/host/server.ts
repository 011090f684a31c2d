import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { asModelyardError } from "../contract/known-error.ts";
import { type Answer, send } from "./answer.ts";
import { azure } from "./languages/azure.ts";
import { inference, isInferencePath } from "./languages/inference.ts";
import type { Call, Language, ServerPorts } from "./languages/language.ts";
import { isMlflowPath, mlflow } from "./languages/mlflow.ts";
import { isMetricsPath, prometheus } from "./languages/prometheus.ts";
import { requestIdOf } from "./request-id.ts";
import { askedOf } from "./routes.ts";

/** The scoring port: every service in every request language. */
export function makeScoringServer(ports: ServerPorts): Server {
  const onRequest = (request: IncomingMessage, response: ServerResponse) => {
    const requestId = requestIdOf(request.headers, ports.clock.now());
    const asked = askedOf(request);
    const language = languageOf(asked.path);
    const call: Call = { asked, request, response, requestId, ports };
    const finish = (answer: Answer | undefined) => {
      if (answer !== undefined) send(response, answer, requestId);
    };
    const fail = (thrown: unknown) => finish(failedAnswer(thrown, language, call));
    try {
      const answer = language.route(call);
      if (answer instanceof Promise) answer.then(finish).catch(fail);
      else finish(answer);
    } catch (thrown) {
      fail(thrown);
    }
  };
  const server = createServer({ keepAliveTimeout: 75_000 }, onRequest);
  // the body is asked for only when the request is one that will be read
  server.on("checkContinue", onRequest);
  return server;
}

function failedAnswer(thrown: unknown, language: Language, { requestId, ports }: Call): Answer {
  const error = asModelyardError(thrown);
  if (error.code === "internal") ports.log.error({ requestId, error: (thrown as Error).stack }, "a bug");
  return language.errorAnswer(error, requestId);
}

/** The language of a path. What no other one claims is Azure ML's, which is tried first for its speed. */
function languageOf(path: string): Language {
  if (path.endsWith("/score")) return azure;
  if (isInferencePath(path)) return inference;
  if (isMetricsPath(path)) return prometheus;
  return isMlflowPath(path) ? mlflow : azure;
}
