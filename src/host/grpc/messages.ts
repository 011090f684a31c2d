import type { Field, Message } from "./protobuf.ts";

type Kind = Field["kind"];
const one = <const K extends Kind>(number: number, kind: K) => ({ number, kind });
const many = <const K extends Kind>(number: number, kind: K) => ({ number, kind, repeated: true }) as const;

/** A map is a list of pairs on the wire. */
const mapOf = <const K extends Message>(value: K) => ({ key: one(1, "string"), value: one(2, value) });

/*
 * The messages of inference.GRPCInferenceService and grpc.health.v1.Health that are read or answered here. Source:
 * https://github.com/triton-inference-server/common/tree/main/protobuf (grpc_service.proto, model_config.proto, health.proto)
 */

export const parameter = {
  bool_param: one(1, "bool"),
  int64_param: one(2, "int64"),
  string_param: one(3, "string"),
  double_param: one(4, "double"),
  uint64_param: one(5, "uint64"),
};
const parameters = mapOf(parameter);

export const contents = {
  bool_contents: many(1, "bool"),
  int_contents: many(2, "int32"),
  int64_contents: many(3, "int64"),
  uint_contents: many(4, "uint32"),
  uint64_contents: many(5, "uint64"),
  fp32_contents: many(6, "float"),
  fp64_contents: many(7, "double"),
  bytes_contents: many(8, "bytes"),
};

const tensor = {
  name: one(1, "string"),
  datatype: one(2, "string"),
  shape: many(3, "int64"),
  parameters: many(4, parameters),
  contents: one(5, contents),
};

export const inferRequest = {
  model_name: one(1, "string"),
  model_version: one(2, "string"),
  id: one(3, "string"),
  parameters: many(4, parameters),
  inputs: many(5, tensor),
  outputs: many(6, { name: one(1, "string"), parameters: many(2, parameters) }),
  raw_input_contents: many(7, "bytes"),
};

export const inferResponse = {
  model_name: one(1, "string"),
  model_version: one(2, "string"),
  id: one(3, "string"),
  parameters: many(4, parameters),
  outputs: many(5, tensor),
  raw_output_contents: many(6, "bytes"),
};

export const streamInferResponse = { error_message: one(1, "string"), infer_response: one(2, inferResponse) };

export const empty = {};
export const modelRequest = { name: one(1, "string"), version: one(2, "string") };
export const liveResponse = { live: one(1, "bool") };
export const readyResponse = { ready: one(1, "bool") };
export const serverMetadata = {
  name: one(1, "string"),
  version: one(2, "string"),
  extensions: many(3, "string"),
};

const tensorMetadata = { name: one(1, "string"), datatype: one(2, "string"), shape: many(3, "int64") };
export const modelMetadata = {
  name: one(1, "string"),
  versions: many(2, "string"),
  platform: one(3, "string"),
  inputs: many(4, tensorMetadata),
  outputs: many(5, tensorMetadata),
};

const dataTypes = [
  ...[
    "TYPE_INVALID",
    "TYPE_BOOL",
    "TYPE_UINT8",
    "TYPE_UINT16",
    "TYPE_UINT32",
    "TYPE_UINT64",
    "TYPE_INT8",
    "TYPE_INT16",
  ],
  ...["TYPE_INT32", "TYPE_INT64", "TYPE_FP16", "TYPE_FP32", "TYPE_FP64", "TYPE_STRING", "TYPE_BF16"],
];
const reshape = one(5, { shape: many(1, "int64") });
const modelConfig = {
  name: one(1, "string"),
  platform: one(2, "string"),
  max_batch_size: one(4, "int32"),
  input: many(5, { name: one(1, "string"), data_type: one(2, dataTypes), dims: many(4, "int64"), reshape }),
  output: many(6, { name: one(1, "string"), data_type: one(2, dataTypes), dims: many(3, "int64"), reshape }),
  instance_group: many(7, {
    name: one(1, "string"),
    count: one(2, "int32"),
    kind: one(4, ["KIND_AUTO", "KIND_GPU", "KIND_CPU", "KIND_MODEL"]),
  }),
  dynamic_batching: one(11, {}),
  backend: one(17, "string"),
};
export const modelConfigResponse = { config: one(1, modelConfig) };

const duration = { count: one(1, "uint64"), ns: one(2, "uint64") };
export const modelStatistics = {
  model_stats: many(1, {
    name: one(1, "string"),
    version: one(2, "string"),
    last_inference: one(3, "uint64"),
    inference_count: one(4, "uint64"),
    execution_count: one(5, "uint64"),
    inference_stats: one(6, {
      success: one(1, duration),
      fail: one(2, duration),
      queue: one(3, duration),
      compute_input: one(4, duration),
      compute_infer: one(5, duration),
      compute_output: one(6, duration),
      cache_hit: one(7, duration),
      cache_miss: one(8, duration),
    }),
  }),
};

export const repositoryIndexRequest = { repository_name: one(1, "string"), ready: one(2, "bool") };
export const repositoryIndexResponse = {
  models: many(1, {
    name: one(1, "string"),
    version: one(2, "string"),
    state: one(3, "string"),
    reason: one(4, "string"),
  }),
};
export const repositoryModelRequest = {
  repository_name: one(1, "string"),
  model_name: one(2, "string"),
  parameters: many(
    3,
    mapOf({
      bool_param: one(1, "bool"),
      int64_param: one(2, "int64"),
      string_param: one(3, "string"),
      bytes_param: one(4, "bytes"),
    }),
  ),
};

export const healthCheckRequest = { service: one(1, "string") };
export const healthCheckResponse = {
  status: one(1, ["UNKNOWN", "SERVING", "NOT_SERVING", "SERVICE_UNKNOWN"]),
};
