import { lengthHeader } from "../../records/inference-body.ts";
import { refuseTensors } from "../../records/tensors.ts";
import type { inferRequest, parameter } from "./messages.ts";
import type { Decoded } from "./protobuf.ts";
import { binaryOf, contentsOf } from "./typed-contents.ts";

const binaryType = { "content-type": "application/octet-stream" };

type InferRequest = Decoded<typeof inferRequest>;

/** A body of the protocol over HTTP with the binary tensor extension, and the header that says where its JSON ends. */
export interface BinaryBody<Bytes extends Uint8Array = Uint8Array> {
  body: Bytes;
  headers: Record<string, string | string[]>;
}

/**
 * A request as the body it would have over HTTP: both are read, answered and recorded by the same code. Error: tensors-invalid, for
 * contents that belong to no input or are not of its datatype.
 */
export function bodyOfRequest({
  id,
  parameters,
  inputs,
  outputs,
  raw_input_contents: raw,
}: InferRequest): BinaryBody<Buffer> {
  const typed = inputs.some(({ contents }) => contents !== undefined);
  if (raw.length > 0 && typed) refuseTensors("The inputs have contents beside raw_input_contents; send one of the two");
  if (raw.length > 0 && raw.length !== inputs.length)
    refuseTensors(`raw_input_contents has ${raw.length} elements for ${inputs.length} inputs`);
  const binaries = inputs.map(
    ({ name, datatype, contents }, place) => raw[place] ?? binaryOf(name ?? "", datatype ?? "", contents),
  );
  const head = {
    ...(id === undefined ? {} : { id }),
    parameters: { ...valuesOf(parameters), binary_data_output: true },
    inputs: inputs.map(({ name, datatype, shape, parameters }, place) => ({
      name: name ?? "",
      datatype: datatype ?? "",
      shape,
      parameters: { ...valuesOf(parameters), binary_data_size: (binaries[place] as Buffer).length },
    })),
    ...(outputs.length === 0 ? {} : { outputs: outputs.map(outputOf) }),
  };
  const json = Buffer.from(JSON.stringify(head), "utf8");
  return { body: Buffer.concat([json, ...binaries]), headers: { ...binaryType, [lengthHeader]: String(json.length) } };
}

const outputOf = ({ name, parameters }: InferRequest["outputs"][number]) => ({
  name: name ?? "",
  parameters: { ...valuesOf(parameters), binary_data: true },
});

type Parameters = { key: string | undefined; value: Decoded<typeof parameter> | undefined }[];

/** Parameters as JSON has them; of each its one value. */
function valuesOf(parameters: Parameters): Record<string, unknown> {
  return Object.fromEntries(
    parameters.map(({ key = "", value = {} }) => [key, Object.values(value).find((one) => one !== undefined) ?? null]),
  );
}

/** An answer as HTTP gives it, as the message of gRPC: with raw contents for a request that had them. */
export function responseOf({ body: bytes, headers }: BinaryBody, raw: boolean): object {
  const body = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const length = Number(headers[lengthHeader] ?? body.length);
  const head = JSON.parse(body.toString("utf8", 0, length)) as {
    outputs: { name: string; datatype: string; shape: number[]; parameters: { binary_data_size: number } }[];
  };
  let end = length;
  const outputs = head.outputs.map(({ name, datatype, shape, parameters: { binary_data_size: size } }) => {
    end += size;
    return { name, datatype, shape, bytes: body.subarray(end - size, end) };
  });
  if (raw)
    return {
      ...head,
      outputs: outputs.map(({ name, datatype, shape }) => ({ name, datatype, shape })),
      raw_output_contents: outputs.map(({ bytes }) => bytes),
    };
  return {
    ...head,
    outputs: outputs.map(({ bytes, ...output }) => ({ ...output, contents: contentsOf(output.datatype, bytes) })),
  };
}
