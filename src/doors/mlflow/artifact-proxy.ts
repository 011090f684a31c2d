import { Readable } from "node:stream";
import type { FastifyInstance, FastifyRequest } from "fastify";
import type { BytesAnswer, Role } from "../../contract/operation.ts";
import type { ArtifactFile } from "../../contract/tracking.ts";
import { sendBytes } from "../send-bytes.ts";
import { MlflowError } from "./errors.ts";
import { toJson } from "./json.ts";
import type { MlflowPorts } from "./ports.ts";
import { artifactJson } from "./wire/tracking.ts";

type Part = { Params: { upload: string; number: string }; Querystring: { secret?: string | string[] } };
type WithPath = { Params: { "*": string }; Querystring: { path?: string | string[] } };

/** What MLflow shows as text; everything else is downloaded as bytes. */
const textTypes =
  /\.(txt|log|err|cfg|conf|cnf|cf|ini|properties|prop|hocon|toml|yaml|yml|xml|json|js|py|py3|csv|tsv|md|rst)$|(^|\/)(MLmodel|MLproject)$/i;

const presignedNotSupported = new MlflowError(
  501,
  "NOT_IMPLEMENTED",
  // Clients look for the status and then fetch the file as a whole.
  "Multipart download is not supported for the current artifact repository",
);

const bodyOf = ({ body }: FastifyRequest): Readable => (body instanceof Readable ? body : Readable.from([]));

/** Files of runs and logged models: streamed in, streamed out, listed, deleted. */
export function addArtifactRoutes(scope: FastifyInstance, ports: MlflowPorts): void {
  const { artifacts, multipart } = ports.tracking;
  const admit = (request: FastifyRequest, role: Role) =>
    ports.admit(request.headers.authorization, { id: "mlflow-artifacts", role });
  scope.put<WithPath>("/artifacts/*", async (request, reply) => {
    await admit(request, "contributor");
    await artifacts.put(request.params["*"], bodyOf(request));
    return reply.send("");
  });
  scope.get<WithPath>("/artifacts", async (request, reply) => {
    await admit(request, "reader");
    const files = await artifacts.list([request.query.path ?? ""].flat()[0] ?? "");
    return reply.type("application/json").send(toJson({ files: files.map(artifactJson("")) }));
  });
  scope.get<WithPath>("/artifacts/*", async (request, reply) => {
    await admit(request, "reader");
    return sendBytes(
      ports.log,
      answerOf(request.params["*"], await artifacts.find(request.params["*"])),
      request,
      reply,
    );
  });
  scope.delete<WithPath>("/artifacts/*", async (request, reply) => {
    await admit(request, "contributor");
    await artifacts.remove(request.params["*"]);
    return reply.type("application/json").send("{}");
  });
  scope.get("/presigned/*", async (request) => {
    await admit(request, "reader");
    throw presignedNotSupported;
  });
  // Parts come without a token: who knows the secret of the URL may send them.
  scope.put<Part>("/mpu/part/:upload/:number", async (request, reply) => {
    const { upload, number } = request.params;
    const secret = [request.query.secret ?? ""].flat()[0] ?? "";
    const { digest } = await multipart.putPart(upload, secret, Number(number), bodyOf(request));
    return reply.header("etag", `"${digest}"`).send("");
  });
}

function answerOf(path: string, file: ArtifactFile): BytesAnswer {
  return {
    contentType: textTypes.test(path) ? "text/plain; charset=utf-8" : "application/octet-stream",
    fileName: path.split("/").at(-1) ?? path,
    size: file.size,
    body: file.read(),
    kept: file,
  };
}
