import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { ModelyardError } from "../../contract/errors.ts";
import { clientOf } from "../http/client-of.ts";
import { addArtifactRoutes } from "./artifact-proxy.ts";
import { MlflowError, toFailure } from "./errors.ts";
import { toJson } from "./json.ts";
import type { MlflowPorts } from "./ports.ts";
import { readBody, readInput } from "./read-input.ts";
import type { Route } from "./route.ts";
import { artifactListRoutes } from "./routes/artifact-lists.ts";
import { experimentRoutes } from "./routes/experiments.ts";
import { loggedModelRoutes } from "./routes/logged-models.ts";
import { modelVersionRoutes } from "./routes/model-versions.ts";
import { multipartRoutes } from "./routes/multipart.ts";
import { registeredModelRoutes } from "./routes/registered-models.ts";
import { runRoutes } from "./routes/runs.ts";
import { webhookRoutes } from "./routes/webhooks.ts";

/** The release of MLflow whose requests this door takes. */
const mlflowVersion = "3.17.2";

const routes: readonly Route[] = [
  ...experimentRoutes,
  ...runRoutes,
  ...loggedModelRoutes,
  ...artifactListRoutes,
  ...registeredModelRoutes,
  ...modelVersionRoutes,
  ...webhookRoutes,
];

/** What a client asks once to learn what the server can do. */
const serverInfo = {
  store_type: "SqlStore",
  workspaces_enabled: false,
  artifact_serving_enabled: true,
  artifacts_presigned_only: false,
  multipart_uploads_enabled: true,
  multipart_downloads_enabled: false,
};

/** MLflow's REST API at the root of the server, for clients whose MLFLOW_TRACKING_URI is its address. */
export function addMlflowDoor(app: FastifyInstance, ports: MlflowPorts): void {
  addText(app, "/health", "OK");
  addText(app, "/version", mlflowVersion);
  for (const base of ["/api", "/ajax-api"]) {
    addScope(app, ports, `${base}/2.0/mlflow`, (scope) => addRoutes(scope, ports, routes));
    addScope(app, ports, `${base}/3.0/mlflow`, (scope) => {
      scope.get("/server-info", async (request, reply) => {
        await ports.admit(request.headers.authorization, { id: "mlflow server-info", role: "reader" });
        return reply.type("application/json").send(toJson(serverInfo));
      });
    });
    addScope(app, ports, `${base}/2.0/mlflow-artifacts`, (scope) => {
      scope.addContentTypeParser("*", (_request, payload, done) => done(null, payload));
      addArtifactRoutes(scope, ports);
    });
    addScope(app, ports, `${base}/2.0/mlflow-artifacts/mpu`, (scope) => addRoutes(scope, ports, multipartRoutes));
  }
}

/** A word that anybody may read. */
function addText(app: FastifyInstance, url: string, text: string): void {
  app.get(url, async (_request, reply) => reply.type("text/plain; charset=utf-8").send(text));
  app.route({
    method: ["POST", "PUT", "PATCH", "DELETE"],
    url,
    handler: async ({ method }) => {
      throw new ModelyardError("method-not-allowed", { path: url, method, allowed: ["GET"] });
    },
  });
}

function addScope(
  app: FastifyInstance,
  ports: MlflowPorts,
  prefix: string,
  fill: (scope: FastifyInstance) => void,
): void {
  app.register(
    async (scope) => {
      scope.removeAllContentTypeParsers();
      scope.setErrorHandler((error, request, reply) => sendFailure(ports, error, request, reply));
      scope.setNotFoundHandler((request, reply) => sendFailure(ports, noRoute(request, prefix), request, reply));
      fill(scope);
    },
    { prefix },
  );
}

function addRoutes(scope: FastifyInstance, ports: MlflowPorts, added: readonly Route[]): void {
  // Text is parsed by this door: broken JSON means an empty object here.
  scope.addContentTypeParser("*", { parseAs: "string" }, (_request, body, done) => done(null, body));
  for (const route of added) addRoute(scope, ports, route);
}

function addRoute(scope: FastifyInstance, ports: MlflowPorts, route: Route): void {
  scope.route({
    method: route.method,
    url: `/${route.path}`,
    handler: async (request, reply) => {
      const actor = await ports.admit(request.headers.authorization, { id: `mlflow ${route.path}`, role: route.role });
      const members =
        route.method === "GET"
          ? (request.query as object)
          : readBody(request.body, request.headers["content-type"], route.method === "DELETE");
      const input = readInput(route.input, { ...members, ...(request.params as object) });
      const context = {
        ...{ actor, requestId: request.id, client: clientOf(request), origin: originOf(request) },
        ...{ progress: () => {}, signal: new AbortController().signal, body: nothing() },
      };
      const answer = await route.answer(ports, input as never, context);
      return reply.type("application/json").send(toJson(answer ?? {}));
    },
  });
}

/** A proxy in between says how the client reached it. What is answered goes to that client alone, so its word is good enough. */
function originOf({ headers, protocol, host }: FastifyRequest): string {
  const told = (name: string): string | undefined => [headers[name]].flat()[0]?.split(",")[0]?.trim();
  const prefix = told("x-forwarded-prefix")?.replace(/\/+$/, "") ?? "";
  return `${told("x-forwarded-proto") ?? protocol}://${told("x-forwarded-host") ?? host}${prefix}`;
}

async function* nothing(): AsyncGenerator<Uint8Array> {}

/** A path that exists with another method, or none. */
function noRoute({ method, url }: FastifyRequest, prefix: string): MlflowError {
  const path = (url.split("?", 1)[0] ?? "").slice(prefix.length + 1);
  const others = routes.filter((route) =>
    new RegExp(`^${route.path.replace(/:\w+/g, "[^/]+").replace("*", ".+")}$`).test(path),
  );
  if (prefix.endsWith("/2.0/mlflow") && others.length > 0)
    return new MlflowError(
      405,
      "BAD_REQUEST",
      `Method ${method} is not allowed; use ${others.map((route) => route.method).join(" or ")}`,
    );
  return new MlflowError(404, "ENDPOINT_NOT_FOUND", `There is nothing at ${method} ${url.split("?", 1)[0]}`);
}

function sendFailure(ports: MlflowPorts, cause: unknown, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  const { status, error_code, message } = toFailure(cause);
  const fields = { requestId: request.id, method: request.method, path: request.url.split("?", 1)[0], error_code };
  if (status === 500)
    ports.log.error({ ...fields, cause: cause instanceof Error ? cause.stack : String(cause) }, message);
  else ports.log.warn(fields, message);
  if (status === 401) reply.header("www-authenticate", 'Basic realm="mlflow"');
  return reply.code(status).type("application/json").send(toJson({ error_code, message }));
}
