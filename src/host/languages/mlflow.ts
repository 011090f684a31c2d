import { textAnswer } from "../answer.ts";
import { authenticate } from "../auth.ts";
import { mlflowCodec } from "../codecs/mlflow.ts";
import { namedService } from "../named-service.ts";
import { allow } from "../routes.ts";
import { score } from "../score.ts";
import { nextRevision, requireReplica } from "../service-table.ts";
import type { Language } from "./language.ts";

const address = /^\/services\/([^/]+)\/(invocations|ping|health|version)$/;

/** MLflow's scoring protocol below the path of a service, as `mlflow models serve` has it at its root. */
export const mlflow: Language = {
  route: ({ asked, request, requestId, ports }) => {
    const [, name = "", what] = address.exec(asked.path) ?? [];
    allow(asked, ...(what === "invocations" ? ["POST"] : ["GET", "HEAD"]));
    if (what !== "invocations") {
      const service = ports.table.get(name);
      if (what === "version") return textAnswer(200, ports.version);
      requireReplica(service);
      return textAnswer(200, "\n");
    }
    const { authorization } = request.headers;
    const service = namedService(ports.table, name, authorization);
    authenticate(service.wanted, authorization);
    const choose = () => nextRevision(service, request.headers);
    void score(request, { service, requestId, codec: mlflowCodec, choose, record: true }, ports);
    return undefined;
  },
  errorAnswer: (error, { requestId }) => mlflowCodec.errorAnswer(error, requestId),
};

export const isMlflowPath = (path: string): boolean => address.test(path);
