import { ModelyardError } from "../../contract/errors.ts";
import { readJsonObject } from "../../records/json-object.ts";
import { objectOf } from "../../records/tensors.ts";
import { kindOf } from "../../records/words.ts";
import { type Answer, jsonAnswer } from "../answer.ts";
import { inferenceCodec } from "../codecs/inference.ts";
import type { HttpRequest } from "../http/http-request.ts";
import { changeRepository } from "../inference/change-repository.ts";
import { describeModel } from "../inference/describe-model.ts";
import { modelConfig } from "../inference/model-config.ts";
import { modelStatistics } from "../inference/model-statistics.ts";
import {
  type InferenceCall,
  isServerReady,
  openedServices,
  openService,
  repositoryIndex,
  requireReady,
  revisionFor,
  serverMetadata,
} from "../inference/models.ts";
import { allow, routeNotFound } from "../routes.ts";
import { score } from "../score.ts";
import type { Call, Language } from "./language.ts";

/** At the root, where a stock client looks, or below the path of one service. */
const address = /^(?:\/services\/([^/]+))?\/v2(?:\/(.*))?$/;
const modelAddress = /^models\/([^/]+)(?:\/versions\/([^/]+))?(?:\/(ready|infer|config|stats))?$/;
const repositoryAddress = /^repository\/models\/([^/]+)\/(load|unload)$/;

const done = (): Answer => ({ status: 200, body: new Uint8Array(0), headers: {} });

/** Bytes of a body that asks something of the repository. */
const smallBody = 1 << 20;

/**
 * The Open Inference Protocol (V2) over HTTP, with the extensions for repositories, configurations and statistics.
 * https://github.com/kserve/open-inference-protocol
 */
export const inference: Language = {
  route: (call) => {
    const { asked, request, requestId, ports } = call;
    const [, only, path = ""] = address.exec(asked.path) ?? [];
    const inferring = { authorization: request.headers.authorization, requestId, ports, only };
    return routeServer(call, inferring, path) ?? routeModel(call, inferring, path);
  },
  errorAnswer: (error, { requestId }) => inferenceCodec.errorAnswer(error, requestId),
};

export const isInferencePath = (path: string): boolean => address.test(path);

/** What is asked of all models. */
function routeServer(
  { asked, request }: Call,
  call: InferenceCall,
  path: string,
): Answer | undefined | Promise<Answer> {
  const requirePlace = () => call.only === undefined || call.ports.table.get(call.only);
  switch (path) {
    case "":
      allow(asked, "GET", "HEAD");
      requirePlace();
      return jsonAnswer(200, serverMetadata(call));
    case "health/live":
      allow(asked, "GET", "HEAD");
      requirePlace();
      return done();
    case "health/ready":
      allow(asked, "GET", "HEAD");
      if (isServerReady(call)) return done();
      return jsonAnswer(503, { error: "Not every service is ready" }, { "retry-after": "1" });
    case "models/stats":
      if (call.ports.table.find("stats") !== undefined) return undefined;
      allow(asked, "GET", "HEAD");
      return jsonAnswer(200, modelStatistics(call, {}));
    case "repository/index":
      allow(asked, "POST");
      return listRepository(request, call);
    default:
      return undefined;
  }
}

function routeModel(call: Call, inferring: InferenceCall, path: string): Answer | undefined | Promise<Answer> {
  const [, name, version, what] = modelAddress.exec(path) ?? [];
  if (name === undefined) return routeRepository(call, inferring, path);
  const { asked, request, requestId, ports } = call;
  allow(asked, ...(what === "infer" ? ["POST"] : ["GET", "HEAD"]));
  const named = { name, version };
  switch (what) {
    case "ready":
      requireReady(inferring, named);
      return done();
    case "stats":
      return jsonAnswer(200, modelStatistics(inferring, named));
    case "config":
      return modelConfig(inferring, named).then((config) => jsonAnswer(200, config));
    case "infer": {
      const service = openService(inferring, name);
      const choose = () => revisionFor(service, version, request.headers);
      void score(request, { service, requestId, codec: inferenceCodec, choose, record: true }, ports);
      return undefined;
    }
    default:
      return describeModel(inferring, named).then(({ revision: _, ...metadata }) => jsonAnswer(200, metadata));
  }
}

async function listRepository(request: HttpRequest, call: InferenceCall): Promise<Answer> {
  openedServices(call); // refuses a wrong key before the body is read
  const { ready = false } = await readSmall(request);
  if (typeof ready === "boolean") return jsonAnswer(200, repositoryIndex(call, ready));
  return refuseBody(`"ready" is ${kindOf(ready)}, not true or false`);
}

async function routeRepository({ asked, request }: Call, call: InferenceCall, path: string): Promise<Answer> {
  const [, name, what] = repositoryAddress.exec(path) ?? [];
  if (name === undefined) throw routeNotFound(asked);
  allow(asked, "POST");
  const asks = await readSmall(request);
  const parameters = Object.keys(objectOf(asks.parameters, '"parameters"'));
  await changeRepository(call, { name, what: what as "load" | "unload", parameters });
  return done();
}

/** What is asked of the repository; an empty body asks for nothing in particular. Errors: repository-body-invalid, body-too-large. */
async function readSmall(request: HttpRequest): Promise<Record<string, unknown>> {
  const body = await request.readBody(smallBody);
  return body.length === 0 ? {} : readJsonObject(body, refuseBody);
}

function refuseBody(reason: string): never {
  throw new ModelyardError("repository-body-invalid", { reason });
}
