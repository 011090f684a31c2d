import { connect } from "node:net";
import { readVerified } from "../verified-file.ts";
import type { WorkerAnswer } from "../worker-connection.ts";
import {
  cutBody,
  encodeFrame,
  type Frame,
  type HostHead,
  makeFrameReader,
  type StartHead,
  type WorkerHead,
} from "../worker-frames.ts";
import { answerItems, wordless } from "./answer-items.ts";
import { type OnnxModel, oneLine, openOnnxModel } from "./model.ts";
import { warmUp } from "./warm-up.ts";

export interface WorkerProgramPorts {
  socketPath: string;
  /** Writes a line of the log. */
  log(line: string): void;
  exit(code: number): never;
}

/** The worker's side of protocol/worker.md for one ONNX model, in a process of its own. */
export function runOnnxWorker({ socketPath, log, exit }: WorkerProgramPorts): void {
  let model: OnnxModel | undefined;
  const socket = connect(socketPath);
  const send = (head: WorkerHead, bodies?: readonly Uint8Array[]) =>
    new Promise<void>((resolve) => {
      socket.cork();
      for (const piece of encodeFrame(head, bodies)) socket.write(piece);
      socket.write("", () => resolve());
      socket.uncork();
    });
  let logFailure = log;
  const start = async (head: StartHead) => {
    if (head.quiet === true) logFailure = wordless(log);
    try {
      model = await load(head);
      await send({ type: "ready", script: null, ...warmUp(model) });
    } catch (error) {
      const reason = oneLine(error);
      const stage = reason.startsWith("digest-mismatch") ? "verify" : "load";
      await send({ type: "failed", stage, reason, traceback: "" });
      exit(3);
    }
  };
  const onFrame = async ({ head, body }: Frame<HostHead>) => {
    if (head.type === "start") return start(head);
    if (head.type === "stop") return exit(0);
    if (head.type !== "score") throw new TypeError(`unexpected frame "${head.type}"`);
    if (model === undefined) throw new TypeError("there is no model yet");
    const answers = answerItems(model, head.items, cutBody(body, head.items), logFailure);
    await send(
      answersHead(answers),
      answers.map((answer) => answer.body),
    );
  };
  const broken = (error: unknown): never => {
    log(`the connection to the host cannot be used: ${oneLine(error)}`);
    return exit(70);
  };
  let working = Promise.resolve();
  const read = makeFrameReader<HostHead>((frame) => {
    working = working.then(() => onFrame(frame)).catch(broken);
  });
  socket.on("data", (chunk) => {
    try {
      read(chunk);
    } catch (error) {
      broken(error);
    }
  });
  socket.on("error", () => {});
  // the host is gone
  socket.on("close", () => exit(0));
}

const answersHead = (answers: readonly WorkerAnswer[]): WorkerHead => ({
  type: "answers",
  items: answers.map(({ head }) => head),
});

async function load({ models: [model] }: StartHead): Promise<OnnxModel> {
  if (model === undefined) throw new Error("the start names no model");
  const bytes = await readVerified(model);
  try {
    return await openOnnxModel(bytes, model.input);
  } catch (error) {
    throw new Error(`model ${model.name}:${model.version} did not load: ${oneLine(error)}`);
  }
}
