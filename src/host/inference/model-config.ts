import { manyRequests } from "../batch.ts";
import { describeModel, type TensorMetadata } from "./describe-model.ts";
import type { InferenceCall, ModelName } from "./models.ts";

/** What Triton's configurations call a datatype. */
const dataTypeOf = (datatype: string): string => (datatype === "BYTES" ? "TYPE_STRING" : `TYPE_${datatype}`);

/** One row of a tensor: the first dimension counts the rows. A single value is one of shape [1]. */
function rowOf({ name, datatype, shape }: TensorMetadata) {
  const dims = shape.slice(1);
  const single = dims.length === 0 ? { dims: [1], reshape: { shape: [] } } : { dims };
  return { name, data_type: dataTypeOf(datatype), ...single };
}

/**
 * A service in the words of Triton's model configuration, as far as clients read it: rows may come together, up to a full frame.
 * Format: https://github.com/triton-inference-server/common/blob/main/protobuf/model_config.proto
 */
export async function modelConfig(call: InferenceCall, asked: ModelName) {
  const { name, platform, inputs, outputs, revision } = await describeModel(call, asked);
  const batches = inputs.length > 0;
  return {
    name,
    platform,
    backend: "modelyard",
    max_batch_size: batches ? manyRequests.rows : 0,
    input: inputs.map(rowOf),
    output: outputs.map(rowOf),
    instance_group: [{ name, kind: "KIND_CPU", count: revision.replicas }],
    ...(batches ? { dynamic_batching: {} } : {}),
  };
}
