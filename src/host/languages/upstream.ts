import { ModelyardError } from "../../contract/errors.ts";
import { leavesItsPlace } from "../../contract/leaves-its-place.ts";
import { authenticate } from "../auth.ts";
import { scoreCodec } from "../codecs/score.ts";
import { healthAnswer } from "../health.ts";
import { passThrough } from "../pass-through.ts";
import { routeNotFound } from "../routes.ts";
import { nextRevision, type ServiceTable } from "../service-table.ts";
import type { Call, Language } from "./language.ts";

const bases = ["/services/", "/api/v1/service/"];
const address = /^(?:\/services|\/api\/v1\/service)\/([^/]+)(\/.*)$/;

/** A service that another server answers: all below its path is that server's, but for the path itself, which tells its health. */
export const upstream: Language = {
  route: (call: Call) => {
    const { asked, request, ports } = call;
    const [, name = "", path = "/"] = address.exec(asked.path) ?? [];
    const service = ports.table.get(name);
    if (path === "/" && (asked.method === "GET" || asked.method === "HEAD")) return healthAnswer(service);
    if (leavesItsPlace(path)) throw routeNotFound(asked);
    authenticate(service.wanted, request.headers.authorization);
    const enter = () => {
      const revision = nextRevision(service, request.headers);
      if (revision.enter !== null) return { revision, visit: revision.enter() };
      throw new ModelyardError("not-supported", {
        what: `Revision ${revision.wanted.number} of ${name} is no server of its own`,
        instead: "Give the traffic to revisions of one kind.",
      });
    };
    if (request.raw === undefined) throw new TypeError("a request to pass on was not read by node:http");
    void passThrough({ ...call, ...request.raw }, { service, path, enter });
    return undefined;
  },
  errorAnswer: (error, { requestId }) => scoreCodec.errorAnswer(error, requestId),
};

/** Whether a path belongs to a service that another server answers. */
export function isUpstreamPath(path: string, table: ServiceTable): boolean {
  const start = bases.find((base) => path.startsWith(base))?.length;
  if (start === undefined) return false;
  const end = path.indexOf("/", start);
  return end !== -1 && table.hasUpstream(path.slice(start, end));
}
