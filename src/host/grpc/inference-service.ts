import { ModelyardError } from "../../contract/errors.ts";
import type { Answer } from "../answer.ts";
import { inferenceCodec } from "../codecs/inference.ts";
import { changeRepository } from "../inference/change-repository.ts";
import { describeModel } from "../inference/describe-model.ts";
import { modelConfig } from "../inference/model-config.ts";
import { modelStatistics } from "../inference/model-statistics.ts";
import * as models from "../inference/models.ts";
import type { ServerPorts } from "../languages/language.ts";
import { score } from "../score.ts";
import { bodyOfRequest, responseOf } from "./infer-message.ts";
import { messageRequest } from "./message-request.ts";
import * as messages from "./messages.ts";
import { type GrpcCall, type MessageCall, type Method, unary } from "./method.ts";
import type { Decoded } from "./protobuf.ts";
import { codeOfStatus, codes, GrpcError } from "./status.ts";

type InferRequest = Decoded<typeof messages.inferRequest>;

/** What was asked of a model, as a call over HTTP would have asked it. */
const callOf = (ports: ServerPorts, { headers, requestId }: GrpcCall): models.InferenceCall => ({
  authorization: headers.authorization,
  requestId,
  ports,
});

const modelOf = ({ name = "", version }: { name: string | undefined; version: string | undefined }) => ({
  name,
  version,
});

/**
 * inference.GRPCInferenceService: the Open Inference Protocol with Triton's extensions. It is the same as over HTTP, in other words.
 * https://github.com/kserve/open-inference-protocol, https://github.com/triton-inference-server/common/tree/main/protobuf
 */
export function inferenceMethods(ports: ServerPorts): Record<string, Method> {
  const limit = (call: GrpcCall) =>
    Math.max(...models.openedServices(callOf(ports, call)).map(({ wanted }) => wanted.maxBodyBytes));
  const methods: Record<string, Method> = {
    ServerLive: unary(messages.empty, messages.liveResponse, () => ({ live: true })),
    ServerReady: unary(messages.empty, messages.readyResponse, (_, call) => ({
      ready: models.isServerReady(callOf(ports, call)),
    })),
    ModelReady: unary(messages.modelRequest, messages.readyResponse, (asked, call) => ({
      ready: isReady(callOf(ports, call), modelOf(asked)),
    })),
    ServerMetadata: unary(messages.empty, messages.serverMetadata, (_, call) =>
      models.serverMetadata(callOf(ports, call)),
    ),
    ModelMetadata: unary(messages.modelRequest, messages.modelMetadata, (asked, call) =>
      describeModel(callOf(ports, call), modelOf(asked)),
    ),
    ModelConfig: unary(messages.modelRequest, messages.modelConfigResponse, async (asked, call) => ({
      config: await modelConfig(callOf(ports, call), modelOf(asked)),
    })),
    ModelStatistics: unary(messages.modelRequest, messages.modelStatistics, (asked, call) =>
      modelStatistics(callOf(ports, call), modelOf(asked)),
    ),
    ModelInfer: unary(
      messages.inferRequest,
      messages.inferResponse,
      (asked, call, size) => infer(ports, asked, call, size),
      {
        limit,
      },
    ),
    ModelStreamInfer: unary(
      messages.inferRequest,
      messages.streamInferResponse,
      (asked, call, size) => inferInStream(ports, asked, call, size),
      { limit, stream: true },
    ),
    RepositoryIndex: unary(messages.repositoryIndexRequest, messages.repositoryIndexResponse, ({ ready }, call) => ({
      models: models.repositoryIndex(callOf(ports, call), ready),
    })),
    RepositoryModelLoad: changing(ports, "load"),
    RepositoryModelUnload: changing(ports, "unload"),
    ...Object.fromEntries(Object.entries(absent).map(([name, what]) => [name, refusing(what)])),
  };
  return Object.fromEntries(
    Object.entries(methods).map(([name, method]) => [`/inference.GRPCInferenceService/${name}`, method]),
  );
}

function isReady(call: models.InferenceCall, name: models.ModelName): boolean {
  try {
    models.requireReady(call, name);
    return true;
  } catch (error) {
    if (error instanceof ModelyardError) return false;
    throw error;
  }
}

/** Error: GrpcError, with what HTTP would have answered. */
async function infer(ports: ServerPorts, asked: InferRequest, call: MessageCall, size: number): Promise<object> {
  const { model_name: name = "", model_version: version } = asked;
  const service = models.openService(callOf(ports, call), name);
  if (size > service.wanted.maxBodyBytes)
    throw new ModelyardError("body-too-large", { limit: service.wanted.maxBodyBytes });
  const { body, headers } = bodyOfRequest(asked);
  const { requestId, timeoutMs } = call;
  const seen = { ...call.headers, ...headers };
  const { request, answered } = messageRequest(`/v2/models/${name}/infer`, seen, body, call.taken);
  const choose = () => models.revisionFor(service, version, seen);
  void score(request, { service, requestId, codec: inferenceCodec, choose, record: true, timeoutMs }, ports);
  const answer = await answered;
  if (answer.status !== 200) throw new GrpcError(codeOfStatus(answer.status), errorIn(answer));
  return responseOf(answer, asked.raw_input_contents.length > 0);
}

const errorIn = ({ body }: Answer): string =>
  (JSON.parse(Buffer.from(body).toString("utf8")) as { error: string }).error;

/** Each request of a stream has one answer. Clients of Triton read on until an answer says that it is the last of its request. */
const lastOfRequest = [{ key: "triton_final_response", value: { bool_param: true } }];

/** In a stream a request that fails leaves the others alone: its answer says why, under its id. */
async function inferInStream(
  ports: ServerPorts,
  asked: InferRequest,
  call: MessageCall,
  size: number,
): Promise<object> {
  try {
    return { infer_response: { ...(await infer(ports, asked, call, size)), parameters: lastOfRequest } };
  } catch (error) {
    const text = error instanceof ModelyardError ? `${error.message}. ${error.fix}` : undefined;
    const message = error instanceof GrpcError ? error.message : text;
    if (message === undefined) throw error;
    const { model_name, model_version, id } = asked;
    return { error_message: message, infer_response: { model_name, model_version, id, parameters: lastOfRequest } };
  }
}

function changing(ports: ServerPorts, what: "load" | "unload"): Method {
  return unary(messages.repositoryModelRequest, messages.empty, async ({ model_name: name = "", parameters }, call) => {
    await changeRepository(callOf(ports, call), { name, what, parameters: parameters.map(({ key = "" }) => key) });
    return {};
  });
}

/** Methods clients know that have nothing to do here. */
const absent: Readonly<Record<string, string>> = {
  TraceSetting: "Requests are not traced by this protocol; `modelyard record list` shows them",
  LogSettings: "Logs are not set by clients that score; `modelyard service logs` shows them",
  ...Object.fromEntries(
    ["System", "Cuda"].flatMap((kind) =>
      ["Status", "Register", "Unregister"].map((verb) => [
        `${kind}SharedMemory${verb}`,
        "Shared memory is not supported here; send tensors in the request",
      ]),
    ),
  ),
};

const refusing = (what: string): Method =>
  unary(messages.empty, messages.empty, () => {
    throw new GrpcError(codes.unimplemented, what);
  });
