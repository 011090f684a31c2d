import type { IncomingHttpHeaders } from "node:http";
import { type Answer, jsonAnswer, statusHeaders } from "../answer.ts";
import type { ScoreMethod } from "../engines/worker-frames.ts";
import { type Codec, refuseScript } from "./codec.ts";
import { readJsonObject } from "./json.ts";
import { type OutputTensor, outputTensor } from "./output-tensor.ts";
import { brief, isMethod, kindOf } from "./rows.ts";
import { askOfTensors } from "./tensor-rows.ts";
import { objectOf, readTensors, refuseTensors } from "./tensors.ts";

/** Says where the JSON of a body ends and its binary tensors begin. */
export const lengthHeader = "inference-header-content-length";

/**
 * `POST /v2/models/<service>/infer` of the Open Inference Protocol, with the binary tensor extension in requests and answers.
 * Bodies are JSON whatever their Content-Type: tritonclient sends none.
 */
export const inferenceCodec: Codec = {
  decode: (request, revision) => {
    refuseScript(request, revision, "tensors");
    const { head, binary } = splitBody(request.body, request.headers);
    const id = readId(head.id) ?? request.requestId;
    const outputs = readOutputs(head);
    const ask = askOfTensors(readTensors(head.inputs, binary), revision.signature, outputs[0]?.name ?? "predict");
    const asks = ask === null ? [] : outputs.map(({ name }) => ({ ...ask, input: { ...ask.input, method: name } }));
    return {
      asks,
      encode: (answers) =>
        encodeAnswer(
          { id, model_name: request.service, model_version: String(revision.number) },
          outputs.map((output, index) => ({
            ...output,
            tensor: outputTensor(answers[index]?.body.toString("utf8") ?? "[]"),
          })),
        ),
    };
  },
  invalid: () => "tensors-invalid",
  errorAnswer: (error) => jsonAnswer(error.status, { error: `${error.message}. ${error.fix}` }, statusHeaders(error)),
  compresses: true,
};

function splitBody(body: Buffer, headers: IncomingHttpHeaders): { head: Record<string, unknown>; binary: Buffer } {
  const text = headers[lengthHeader];
  if (text === undefined) return { head: readJsonObject(body, refuseTensors), binary: Buffer.alloc(0) };
  const length = /^\d{1,15}$/.test(String(text)) ? Number(text) : Number.NaN;
  if (!(length <= body.length))
    refuseTensors(`Inference-Header-Content-Length is ${brief(text)}; the body has ${body.length} bytes`);
  return { head: readJsonObject(body.subarray(0, length), refuseTensors), binary: body.subarray(length) };
}

function readId(id: unknown): string | undefined {
  if (id === undefined || id === null || id === "") return undefined;
  return typeof id === "string" ? id : refuseTensors(`"id" is ${kindOf(id)}, not a text`);
}

/** An output that is asked for, and whether in binary. */
interface WantedOutput {
  name: ScoreMethod;
  binary: boolean;
}

/** The outputs a request names, `predict` when it names none. */
function readOutputs({ outputs, parameters }: Record<string, unknown>): WantedOutput[] {
  const all = flagOf(objectOf(parameters, '"parameters"').binary_data_output, '"binary_data_output"') ?? false;
  if (outputs === undefined || outputs === null) return [{ name: "predict", binary: all }];
  if (!Array.isArray(outputs)) return refuseTensors(`"outputs" is ${kindOf(outputs)}, not a list`);
  if (outputs.length === 0) return [{ name: "predict", binary: all }];
  const wanted = outputs.map((output, place): WantedOutput => {
    const { name, parameters: own } = objectOf(output, `Output ${place + 1}`);
    if (!isMethod(name))
      return refuseTensors(`There is no output ${brief(name)}; it can be "predict" or "predict_proba"`);
    const { binary_data, classification, shared_memory_region } = objectOf(own, `Output "${name}": "parameters"`);
    if (classification !== undefined) refuseTensors('"classification" is not supported; ask for "predict_proba"');
    if (shared_memory_region !== undefined) refuseTensors("Shared memory is not supported here");
    return { name, binary: flagOf(binary_data, '"binary_data"') ?? all };
  });
  if (new Set(wanted.map(({ name }) => name)).size < wanted.length) refuseTensors("An output is asked for twice");
  return wanted;
}

function flagOf(value: unknown, what: string): boolean | undefined {
  if (value === undefined || typeof value === "boolean") return value;
  return refuseTensors(`${what} is ${brief(value)}, not true or false`);
}

function encodeAnswer(head: Record<string, string>, outputs: (WantedOutput & { tensor: OutputTensor })[]): Answer {
  const binaries: Buffer[] = [];
  const texts = outputs.map(({ name, binary, tensor }) => {
    const { datatype, shape } = tensor;
    if (!binary) return `${JSON.stringify({ name, datatype, shape }).slice(0, -1)},"data":${tensor.json()}}`;
    const bytes = tensor.binary();
    binaries.push(bytes);
    return JSON.stringify({ name, datatype, shape, parameters: { binary_data_size: bytes.length } });
  });
  const json = Buffer.from(`${JSON.stringify(head).slice(0, -1)},"outputs":[${texts.join(",")}]}`, "utf8");
  if (binaries.length === 0) return { status: 200, body: json, headers: { "content-type": "application/json" } };
  return {
    status: 200,
    body: Buffer.concat([json, ...binaries]),
    headers: { "content-type": "application/octet-stream", [lengthHeader]: String(json.length) },
  };
}
