import { ModelyardError } from "../../contract/errors.ts";
import { type Answer, jsonAnswer } from "../answer.ts";
import { authenticate, mayUse } from "../auth.ts";
import { inferenceCodec } from "../codecs/inference.ts";
import { readJsonObject } from "../codecs/json.ts";
import { refuseTensors } from "../codecs/tensors.ts";
import { allow, routeNotFound } from "../routes.ts";
import { score } from "../score.ts";
import {
  hasTraffic,
  isReady,
  nextRevision,
  requireReplica,
  revisionByNumber,
  revisionNumber,
  type Service,
} from "../service-table.ts";
import { describeModel } from "./describe-model.ts";
import type { Call, Language } from "./language.ts";

/** At the root, where a stock client looks, or below the path of one service. */
const address = /^(?:\/services\/([^/]+))?\/v2(?:\/(.*))?$/;
const modelAddress = /^models\/([^/]+)(?:\/versions\/([^/]+))?(?:\/(ready|infer))?$/;
const repositoryAddress = /^repository\/models\/([^/]+)\/(load|unload)$/;

const done = (): Answer => ({ status: 200, body: new Uint8Array(0), headers: {} });

/**
 * The Open Inference Protocol (V2) over HTTP, with the model repository extension: a service is a model, a revision its version.
 * https://github.com/kserve/open-inference-protocol
 */
export const inference: Language = {
  route: (call) => {
    const [, only, path = ""] = address.exec(call.asked.path) ?? [];
    const { table } = call.ports;
    const one = only === undefined ? undefined : table.get(only);
    switch (path) {
      case "":
        return metadata(call);
      case "health/live":
        allow(call.asked, "GET", "HEAD");
        return done();
      case "health/ready":
        return serverReady(call, one === undefined ? table.all().filter(hasTraffic) : [one]);
      case "repository/index":
        return repositoryIndex(call, one === undefined ? table.all() : [one]);
      default:
        return routeModel(call, path, only);
    }
  },
  errorAnswer: (error, { requestId }) => inferenceCodec.errorAnswer(error, requestId),
};

export const isInferencePath = (path: string): boolean => address.test(path);

function metadata({ asked, ports }: Call): Answer {
  allow(asked, "GET", "HEAD");
  const extensions = ["binary_tensor_data", "model_repository"];
  return jsonAnswer(200, { name: "modelyard", version: ports.version, extensions });
}

/** Ready when every model is, as the protocol has it; one that was never deployed does not count. Tells no name: it needs no key. */
function serverReady({ asked }: Call, services: readonly Service[]): Answer {
  allow(asked, "GET", "HEAD");
  if (services.every(isReady)) return done();
  return jsonAnswer(503, { error: "Not every service is ready" }, { "retry-after": "1" });
}

/** The services the key opens, with every revision that runs. Error: unauthenticated when it opens none. */
function repositoryIndex({ asked, request }: Call, services: readonly Service[]): Answer {
  allow(asked, "POST");
  const mine = services.filter(({ wanted }) => mayUse(wanted, request.headers.authorization));
  if (mine.length === 0) throw new ModelyardError("unauthenticated");
  return jsonAnswer(
    200,
    mine.flatMap(({ wanted, live }) =>
      [...live.values()].map((revision) => {
        const { number, reason } = revision.seen();
        const state = revision.isReady() ? "READY" : "UNAVAILABLE";
        return { name: wanted.name, version: String(number), state, reason: reason ?? "" };
      }),
    ),
  );
}

function routeModel(call: Call, path: string, only: string | undefined): Answer | undefined | Promise<Answer> {
  const [, name, version, what] = modelAddress.exec(path) ?? [];
  if (name === undefined) return routeRepository(call, path, only);
  const { asked, request, requestId, ports } = call;
  allow(asked, ...(what === "infer" ? ["POST"] : ["GET", "HEAD"]));
  const service = serviceNamed(call, name, only);
  const { wanted } = service;
  const choose = () =>
    version === undefined ? nextRevision(service, request.headers) : revisionByNumber(service, revisionNumber(version));
  if (what === "ready") {
    if (version === undefined) requireReplica(service);
    else choose();
    return done();
  }
  authenticate(wanted, request.headers.authorization);
  if (what === undefined) return describeModel(service, version === undefined ? undefined : choose(), call);
  void score(request, { service, requestId, codec: inferenceCodec, choose, record: true }, ports);
  return undefined;
}

/** Error: service-not-found, for other services below the path of one, too. */
function serviceNamed({ ports }: Call, name: string, only: string | undefined): Service {
  if (only !== undefined && only !== name) throw new ModelyardError("service-not-found", { service: name });
  return ports.table.get(name);
}

/** Loading what is loaded, and nothing else: what runs is decided by deployments, not by clients that score. */
async function routeRepository(call: Call, path: string, only: string | undefined): Promise<Answer> {
  const { asked, request } = call;
  const [, name, what] = repositoryAddress.exec(path) ?? [];
  if (name === undefined) throw routeNotFound(asked);
  allow(asked, "POST");
  const service = serviceNamed(call, name, only);
  authenticate(service.wanted, request.headers.authorization);
  const body = await request.readBody(service.wanted.maxBodyBytes);
  const asks = body.length === 0 ? {} : readJsonObject(body, refuseTensors);
  const loaded = isReady(service) && service.live.size > 0;
  if (what === "load" && loaded && asks.parameters === undefined) return done();
  if (what === "unload" && service.live.size === 0) return done();
  throw new ModelyardError("not-supported", {
    what: `The Open Inference Protocol does not ${what === "load" ? "start, change" : "stop"} services here`,
    instead:
      what === "load"
        ? `\`modelyard service show ${name}\` shows its state; \`modelyard service start\` and \`modelyard service update\` change what runs.`
        : `Use \`modelyard service stop ${name}\`.`,
  });
}
