import { type Answer, jsonAnswer, textAnswer } from "../answer.ts";
import { authenticate } from "../auth.ts";
import { scoreCodec } from "../codecs/score.ts";
import { healthAnswer, mainRevision } from "../health.ts";
import { allow, routeNotFound } from "../routes.ts";
import { score } from "../score.ts";
import { nextRevision } from "../service-table.ts";
import { swaggerOf } from "../swagger.ts";
import type { Call, Language } from "./language.ts";

/** A service at its own address, or at the one Azure ML gave services on Kubernetes (`/api/v1/service/<name>/…`). */
const address = /^(\/services|\/api\/v1\/service)\/([^/]+)\/(score|swagger\.json|)$/;

/** Scoring, health and description of a service as Azure ML's servers have them, and the health of the host. */
export const azure: Language = {
  route: ({ asked, request, requestId, ports }: Call): Answer | undefined => {
    if (asked.path === "/healthz") {
      allow(asked, "GET", "HEAD");
      return textAnswer(200, "ok");
    }
    const [, base, name, rest] = address.exec(asked.path) ?? [];
    if (name === undefined) throw routeNotFound(asked);
    allow(asked, ...(rest === "score" ? ["POST"] : ["GET", "HEAD"]));
    const service = ports.table.get(name);
    if (rest === "") return healthAnswer(service);
    authenticate(service.wanted, request.headers.authorization);
    if (rest === "swagger.json") {
      const basePath = `${base}/${name}`;
      return jsonAnswer(200, swaggerOf(name, { host: request.headers.host, basePath }, mainRevision(service)));
    }
    const choose = () => nextRevision(service, request.headers);
    void score(request, { service, requestId, codec: scoreCodec, choose, record: true }, ports);
    return undefined;
  },
  errorAnswer: scoreCodec.errorAnswer,
};
