import { type Answer, textAnswer } from "../answer.ts";
import { authenticate } from "../auth.ts";
import type { Codec } from "../codecs/codec.ts";
import { scoreCodec } from "../codecs/score.ts";
import { corsHeaders } from "../cors.ts";
import { healthAnswer } from "../health.ts";
import { namedService } from "../named-service.ts";
import { allow, routeNotFound } from "../routes.ts";
import { score } from "../score.ts";
import { nextRevision, type Service } from "../service-table.ts";
import { swaggerAnswer } from "../swagger-answer.ts";
import { checkIds, idsToEcho } from "./azure-ids.ts";
import type { Call, Language } from "./language.ts";

/** A service at its own address, or at the one Azure ML gave services on Kubernetes (`/api/v1/service/<name>/…`). */
const address = /^(\/services|\/api\/v1\/service)\/([^/]+)\/(score|swagger\.json|)$/;

/** Scoring, health and description of a service as Azure ML's servers have them, and the health of the host. */
export const azure: Language = {
  route: (call: Call): Answer | undefined | Promise<Answer | undefined> => {
    const { asked, ports } = call;
    if (asked.path === "/healthz") {
      allow(asked, "GET", "HEAD");
      return textAnswer(200, "ok");
    }
    const [, base = "", name, rest = ""] = address.exec(asked.path) ?? [];
    if (name === undefined) throw routeNotFound(asked);
    const { authorization } = call.request.headers;
    const service = rest === "" ? ports.table.get(name) : namedService(ports.table, name, authorization);
    const extra = extraHeaders(call, service);
    if (extra === undefined) return routeService(call, service, { base, rest, codec: scoreCodec });
    const answer = routeService(call, service, { base, rest, codec: codecWith(extra) });
    if (answer instanceof Promise) return answer.then((found) => withHeaders(found, extra));
    return answer === undefined ? undefined : withHeaders(answer, extra);
  },
  errorAnswer: (error, call) => {
    const [, , name = ""] = address.exec(call.asked.path) ?? [];
    const service = call.ports.table.find(name);
    return withHeaders(scoreCodec.errorAnswer(error, call.requestId), extraHeaders(call, service) ?? {});
  },
};

/** The headers that every answer to this request has, errors too: the ids it came with, and what the browser of another origin must see. */
function extraHeaders(
  { request: { headers } }: Call,
  service: Service | undefined,
): Record<string, string> | undefined {
  const ids = idsToEcho(headers);
  const { corsOrigins = [] } = service?.wanted ?? {};
  return corsOrigins.length === 0 ? ids : { ...corsHeaders(headers, corsOrigins), ...ids };
}

interface Place {
  base: string;
  rest: string;
  codec: Codec;
}

function routeService(call: Call, service: Service, place: Place): Answer | undefined | Promise<Answer> {
  const { asked, request, requestId, ports } = call;
  const isScore = place.rest === "score";
  allow(asked, ...(isScore ? ["GET", "POST", "OPTIONS"] : ["GET", "HEAD", "OPTIONS"]));
  checkIds(request.headers);
  // a browser asks without the key what it may send; a script that takes HTTP requests answers for itself where no origin is listed
  const { corsOrigins = [] } = service.wanted;
  const isPreflight = corsOrigins.length > 0 && request.headers["access-control-request-method"] !== undefined;
  if (asked.method === "OPTIONS" && (isPreflight || !isScore || !takesHttp(service))) return emptyPage();
  if (place.rest === "") return healthAnswer(service);
  authenticate(service.wanted, request.headers.authorization);
  if (!isScore) return swaggerAnswer(call, service, `${place.base}/${service.wanted.name}`);
  const choose = () => nextRevision(service, request.headers);
  void score(request, { service, requestId, codec: place.codec, choose, record: true }, ports);
  return undefined;
}

const emptyPage = (): Answer => ({
  status: 200,
  body: new Uint8Array(0),
  headers: { "content-type": "text/html; charset=utf-8", "x-ms-run-function-failed": "False" },
});

const takesHttp = ({ live }: Service): boolean =>
  [...live.values()].some(({ script, wanted }) => wanted.share > 0 && script?.takes === "http");

const withHeaders = (answer: Answer, extra: Record<string, string>): Answer => ({
  ...answer,
  headers: { ...answer.headers, ...extra },
});

/** The codec of `/score` whose answers, errors too, have more headers. */
const codecWith = (extra: Record<string, string>): Codec => ({
  ...scoreCodec,
  decode: (...asked) => {
    const decoded = scoreCodec.decode(...asked);
    return { ...decoded, encode: (answers) => withHeaders(decoded.encode(answers), extra) };
  },
  errorAnswer: (error, requestId) => withHeaders(scoreCodec.errorAnswer(error, requestId), extra),
});
