import { metricsContentType } from "../../contract/host.ts";
import type { Answer } from "../answer.ts";
import { scoreCodec } from "../codecs/score.ts";
import { openServices } from "../named-service.ts";
import { allow } from "../routes.ts";
import type { Call, Language } from "./language.ts";

const address = /^(?:\/services\/([^/]+))?\/metrics$/;

/** Metrics for Prometheus: of the services that the key opens, or of one. */
export const prometheus: Language = {
  route: ({ asked, request, ports }: Call): Answer => {
    allow(asked, "GET", "HEAD");
    const [, only] = address.exec(asked.path) ?? [];
    const { authorization } = request.headers;
    const names = new Set(openServices(ports.table, authorization, only).map(({ wanted }) => wanted.name));
    return metricsAnswer(ports.metricsText((service) => names.has(service)));
  },
  errorAnswer: (error, { requestId }) => scoreCodec.errorAnswer(error, requestId),
};

export const isMetricsPath = (path: string): boolean => address.test(path);

export const metricsAnswer = (text: string): Answer => ({
  status: 200,
  body: Buffer.from(text, "utf8"),
  headers: { "content-type": metricsContentType },
});
