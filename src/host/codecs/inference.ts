import { lengthHeader, splitBody } from "../../records/inference-body.ts";
import { isMethod, type ScoreMethod } from "../../records/json-rows.ts";
import { readTensors, refuseTensors } from "../../records/tensors.ts";
import { brief } from "../../records/words.ts";
import { jsonAnswer, statusHeaders } from "../answer.ts";
import type { WorkerAnswer } from "../engines/worker-connection.ts";
import type { ReadyScript } from "../engines/worker-frames.ts";
import { type Answering, type Codec, type Decoded, refuseScript, type ScoreRequest } from "./codec.ts";
import { encodeAnswer, readId, readOutputs, type WantedOutput } from "./inference-message.ts";
import { outputTensor } from "./output-tensor.ts";
import { jsonOfScript, outputsOfScript } from "./script-answer.ts";
import { parametersOf } from "./script-parameters.ts";
import { askOfScriptTensors } from "./script-tensors.ts";
import { askOfTensors } from "./tensor-rows.ts";

/**
 * `POST /v2/models/<service>/infer` of the Open Inference Protocol, with the binary tensor extension in requests and answers.
 * Bodies are JSON whatever their Content-Type: tritonclient sends none.
 */
export const inferenceCodec: Codec = {
  language: "inference",
  decode: (request, revision, script) => {
    if (revision.script !== null || revision.upstream) return decodeForScript(request, revision, script ?? null);
    const { head, binary } = splitBody(request.body, request.headers[lengthHeader]);
    const model = modelOf(head, request, revision);
    const outputs = methodsOf(readOutputs(head));
    const ask = askOfTensors(readTensors(head.inputs, binary), revision.signature, outputs[0]?.name ?? "predict");
    const asks = ask === null ? [] : outputs.map(({ name }) => ({ ...ask, input: { ...ask.input, method: name } }));
    return {
      asks,
      encode: (answers) =>
        encodeAnswer(
          model,
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

const modelOf = ({ id }: Record<string, unknown>, { requestId, service }: ScoreRequest, { number }: Answering) => ({
  id: readId(id) ?? requestId,
  model_name: service,
  model_version: String(number),
});

type Asked = ReturnType<typeof readOutputs>;

function methodsOf({ named, all }: Asked): (WantedOutput & { name: ScoreMethod })[] {
  if (named.length === 0) return [{ name: "predict", binary: all }];
  return named.map(({ name, binary }) => {
    if (isMethod(name)) return { name, binary };
    return refuseTensors(`There is no output ${brief(name)}; it can be "predict" or "predict_proba"`);
  });
}

/** Error: not-supported, for a script of which nothing is known. */
function decodeForScript(request: ScoreRequest, revision: Answering, script: ReadyScript | null): Decoded {
  const parameters = parametersOf(script, revision);
  if (parameters === null) return refuseScript(request, revision, "tensors");
  const { head, binary } = splitBody(request.body, request.headers[lengthHeader]);
  const model = modelOf(head, request, revision);
  const asked = readOutputs(head);
  return {
    asks: [askOfScriptTensors(readTensors(head.inputs, binary), parameters)],
    encode: ([answer]) => {
      const found = outputsOfScript(jsonOfScript(answer as WorkerAnswer));
      const outputs =
        asked.named.length > 0 ? asked.named : [...found.keys()].map((name) => ({ name, binary: asked.all }));
      return encodeAnswer(
        model,
        outputs.map((output) => {
          const tensor = found.get(output.name);
          if (tensor !== undefined) return { ...output, tensor };
          return refuseTensors(
            `There is no output ${brief(output.name)}; the entry script answered ${brief([...found.keys()])}`,
          );
        }),
      );
    },
  };
}
