import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { type SeenState, type SpokenLanguage, spokenLanguages, type WantedState } from "../contract/host.ts";
import { asModelyardError } from "../contract/known-error.ts";
import type { Clock } from "../kernel/clock.ts";
import type { Log } from "../kernel/log.ts";
import { type Answer, errorAnswer, jsonAnswer } from "./answer.ts";
import type { HttpRequest } from "./http/http-request.ts";
import { nodeRequest } from "./http/node-request.ts";
import { metricsAnswer } from "./languages/prometheus.ts";
import { requestIdOf } from "./request-id.ts";
import { type Asked, allow, askedOf, queryOf, routeNotFound } from "./routes.ts";
import { parseWantedState } from "./wanted-state.ts";

export interface ControlPorts {
  clock: Clock;
  log: Log;
  /** Persists the wanted state, then applies it. */
  want(state: WantedState): Promise<void>;
  seen(): SeenState;
  waitForChange(after: number, waitMs: number): Promise<void>;
  readLog(service: string, revision: number, tail: number, requestId: string | null): Promise<string[]>;
  /** Metrics of all services as Prometheus reads them. */
  metrics(): string | Promise<string>;
  /** Resolves when all that was recorded is durable or dropped. */
  flush(options: { rotate: boolean }): Promise<void>;
  /** Answers a scoring request without a key; `revision` null is the one that the traffic gives. */
  score(asked: ControlScore): Promise<void>;
  /** Starts the shutdown; returns at once. */
  shutdown(): void;
}

export interface ControlScore {
  service: string;
  revision: number | null;
  /** How the body is written. */
  language: SpokenLanguage;
  request: HttpRequest;
  requestId: string;
}

const wantedLimit = 64 * 1024 * 1024;
const longestWaitMs = 60_000;
const mostLines = 100_000;

/** The control socket (routes: contract/host.ts). Its file's mode is its access rule. */
export function makeControlServer(ports: ControlPorts): Server {
  const onRequest = async (incoming: IncomingMessage, response: ServerResponse) => {
    const request = nodeRequest(incoming, response);
    const requestId = requestIdOf(request.headers, ports.clock.now());
    // a kept connection would hold up the shutdown, and a new one costs nothing here
    response.shouldKeepAlive = false;
    const asked = askedOf(request);
    if (asked.path === "/shutdown") response.once("finish", ports.shutdown);
    try {
      const answer = await route(asked, request, requestId, ports);
      if (answer !== undefined) request.answer(answer, requestId);
    } catch (thrown) {
      const error = asModelyardError(thrown);
      if (error.code === "internal") ports.log.error({ requestId, error: (thrown as Error).stack }, "a bug");
      request.answer(errorAnswer(error, requestId), requestId);
    }
  };
  const server = createServer(onRequest);
  server.on("checkContinue", onRequest);
  return server;
}

async function route(
  asked: Asked,
  request: HttpRequest,
  requestId: string,
  ports: ControlPorts,
): Promise<Answer | undefined> {
  switch (asked.path) {
    case "/wanted":
      allow(asked, "PUT");
      await ports.want(parseWantedState((await request.readBody(wantedLimit)).toString("utf8")));
      return jsonAnswer(200, ports.seen());
    case "/seen":
      allow(asked, "GET");
      await ports.waitForChange(numberOf(asked, "after", -1), numberOf(asked, "waitMs", 0, longestWaitMs));
      return jsonAnswer(200, ports.seen());
    case "/metrics":
      allow(asked, "GET");
      return metricsAnswer(await ports.metrics());
    case "/spool/flush":
      allow(asked, "POST");
      await ports.flush({ rotate: queryOf(asked).get("rotate") === "true" });
      return jsonAnswer(200, {});
    case "/shutdown":
      allow(asked, "POST");
      return jsonAnswer(200, {});
    default:
      return routeService(asked, request, requestId, ports);
  }
}

async function routeService(
  asked: Asked,
  request: HttpRequest,
  requestId: string,
  ports: ControlPorts,
): Promise<Answer | undefined> {
  const [, name, number, what] =
    /^\/services\/([a-z][-a-z0-9]*)(?:\/revisions\/(\d{1,9}))?\/(score|logs)$/.exec(asked.path) ?? [];
  if (name === undefined) throw routeNotFound(asked);
  if (what === "logs" && number !== undefined) {
    allow(asked, "GET");
    const tail = numberOf(asked, "tail", 100, mostLines);
    return jsonAnswer(200, { lines: await ports.readLog(name, Number(number), tail, queryOf(asked).get("requestId")) });
  }
  if (what !== "score") throw routeNotFound(asked);
  allow(asked, "POST");
  const revision = number === undefined ? null : Number(number);
  const named = queryOf(asked).get("language") ?? "azure";
  const language = spokenLanguages.find((known) => known === named);
  if (language === undefined) throw routeNotFound(asked);
  await ports.score({ service: name, revision, language, request, requestId });
  return undefined;
}

/** A number of the query; anything that is none counts as absent. */
function numberOf(asked: Asked, name: string, absent: number, most = Number.MAX_SAFE_INTEGER): number {
  const value = Number.parseInt(queryOf(asked).get(name) ?? "", 10);
  return Number.isNaN(value) ? absent : Math.min(value, most);
}
