import { Readable } from "node:stream";
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import type { Role } from "../../contract/operation.ts";
import type { ArtifactFile } from "../../contract/tracking.ts";
import { MlflowError } from "./errors.ts";
import { toJson } from "./json.ts";
import type { MlflowPorts } from "./ports.ts";
import { parseRange } from "./range.ts";
import { artifactJson } from "./wire/tracking.ts";

type WithPath = { Params: { "*": string }; Querystring: { path?: string | string[] } };

/** What MLflow shows as text; everything else is downloaded as bytes. */
const textTypes =
  /\.(txt|log|err|cfg|conf|cnf|cf|ini|properties|prop|hocon|toml|yaml|yml|xml|json|js|py|py3|csv|tsv|md|rst)$|(^|\/)(MLmodel|MLproject)$/i;

const partsNotSupported = new MlflowError(
  501,
  "NOT_IMPLEMENTED",
  // Clients look for the first words and then send the file as a whole.
  "Multipart upload is not supported for the current artifact repository",
);

/** Files of runs and logged models: streamed in, streamed out, listed, deleted. */
export function addArtifactRoutes(scope: FastifyInstance, ports: MlflowPorts): void {
  const { artifacts } = ports.tracking;
  const admit = (request: FastifyRequest, role: Role) =>
    ports.admit(request.headers.authorization, { id: "mlflow-artifacts", role });
  scope.put<WithPath>("/artifacts/*", async (request, reply) => {
    await admit(request, "contributor");
    await artifacts.put(request.params["*"], request.body instanceof Readable ? request.body : Readable.from([]));
    return reply.send("");
  });
  scope.get<WithPath>("/artifacts", async (request, reply) => {
    await admit(request, "reader");
    const files = await artifacts.list([request.query.path ?? ""].flat()[0] ?? "");
    return reply.type("application/json").send(toJson({ files: files.map(artifactJson("")) }));
  });
  scope.get<WithPath>("/artifacts/*", async (request, reply) => {
    await admit(request, "reader");
    const path = request.params["*"];
    return sendFile(ports, await artifacts.find(path), path, request, reply);
  });
  scope.delete<WithPath>("/artifacts/*", async (request, reply) => {
    await admit(request, "contributor");
    await artifacts.remove(request.params["*"]);
    return reply.type("application/json").send("{}");
  });
  const refuseParts = async (request: FastifyRequest) => {
    await admit(request, "reader");
    throw partsNotSupported;
  };
  scope.post("/mpu/*", refuseParts);
  scope.get("/presigned/*", refuseParts);
}

async function sendFile(
  { log }: MlflowPorts,
  file: ArtifactFile,
  path: string,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<FastifyReply> {
  const name = path.split("/").at(-1) ?? path;
  const etag = `"${file.digest}"`;
  reply.headers({
    etag,
    "accept-ranges": "bytes",
    "content-type": textTypes.test(path) ? "text/plain; charset=utf-8" : "application/octet-stream",
    "content-disposition": `attachment; filename*=UTF-8''${encodeURIComponent(name)}`,
  });
  if (request.headers["if-none-match"] === etag) return reply.code(304).send();
  const range = parseRange(request.headers.range, file.size);
  if (range === "unsatisfiable")
    return reply.code(416).header("content-range", `bytes */${file.size}`).type("text/plain").send("");
  const size = range === undefined ? file.size : range.end - range.start + 1;
  if (range !== undefined) reply.code(206).header("content-range", `bytes ${range.start}-${range.end}/${file.size}`);
  // The first bytes are fetched before the head is sent: damage that shows at once is still an error with a text.
  const chunks = file.read(range)[Symbol.asyncIterator]();
  const first = size === 0 ? undefined : await chunks.next();
  const stream = Readable.from(continued(first, chunks), { objectMode: false });
  stream.once("error", (error) => {
    log.warn({ requestId: request.id, reason: error.message }, "a download broke");
    reply.raw.destroy();
  });
  return reply.header("content-length", size).send(stream);
}

async function* continued(
  first: IteratorResult<Uint8Array> | undefined,
  rest: AsyncIterator<Uint8Array>,
): AsyncGenerator<Uint8Array> {
  try {
    for (let next = first; next !== undefined && !next.done; next = await rest.next()) yield next.value;
  } finally {
    await rest.return?.();
  }
}
