import { lengthHeader } from "../../records/inference-body.ts";
import { objectOf, refuseTensors } from "../../records/tensors.ts";
import { brief, kindOf } from "../../records/words.ts";
import type { Answer } from "../answer.ts";
import type { OutputTensor } from "./output-tensor.ts";

export function readId(id: unknown): string | undefined {
  if (id === undefined || id === null || id === "") return undefined;
  return typeof id === "string" ? id : refuseTensors(`"id" is ${kindOf(id)}, not a text`);
}

/** An output that is asked for, and whether in binary. */
export interface WantedOutput {
  name: string;
  binary: boolean;
}

/** The outputs a request names, none when it leaves that open; `all` says whether these are wanted in binary. */
export function readOutputs({ outputs, parameters }: Record<string, unknown>): { named: WantedOutput[]; all: boolean } {
  const all = flagOf(objectOf(parameters, '"parameters"').binary_data_output, '"binary_data_output"') ?? false;
  if (outputs === undefined || outputs === null) return { named: [], all };
  if (!Array.isArray(outputs)) return refuseTensors(`"outputs" is ${kindOf(outputs)}, not a list`);
  const named = outputs.map((output, place): WantedOutput => {
    const { name, parameters: own } = objectOf(output, `Output ${place + 1}`);
    if (typeof name !== "string") return refuseTensors(`Output ${place + 1} has no "name"`);
    const { binary_data, classification, shared_memory_region } = objectOf(own, `Output "${name}": "parameters"`);
    if (classification !== undefined) refuseTensors('"classification" is not supported; ask for "predict_proba"');
    if (shared_memory_region !== undefined) refuseTensors("Shared memory is not supported here");
    return { name, binary: flagOf(binary_data, '"binary_data"') ?? all };
  });
  if (new Set(named.map(({ name }) => name)).size < named.length) refuseTensors("An output is asked for twice");
  return { named, all };
}

function flagOf(value: unknown, what: string): boolean | undefined {
  if (value === undefined || typeof value === "boolean") return value;
  return refuseTensors(`${what} is ${brief(value)}, not true or false`);
}

export function encodeAnswer(
  head: Record<string, string>,
  outputs: (WantedOutput & { tensor: OutputTensor })[],
): Answer {
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
