import type { IncomingHttpHeaders } from "node:http";
import { type ErrorCode, ModelyardError } from "../../contract/errors.ts";
import type { RequestLanguage, WantedRevision } from "../../contract/host.ts";
import type { Answer } from "../answer.ts";
import type { WorkerAnswer } from "../engines/worker-connection.ts";
import type { ReadyScript, WorkerInput } from "../engines/worker-frames.ts";

/** A scoring request as a codec reads it. The body is no longer compressed. */
export interface ScoreRequest {
  method: string;
  /** Path and query, as they were sent. */
  url: string;
  body: Buffer;
  headers: IncomingHttpHeaders;
  requestId: string;
  service: string;
}

/** What a codec needs to know of the revision that will answer. */
export type Answering = Pick<WantedRevision, "number" | "script" | "signature" | "sample" | "upstream">;

/** One question to a worker: an item of a frame without its id. */
export interface Ask {
  input: WorkerInput;
  body: Uint8Array;
}

/** A request as work. Without asks it is answered without a worker. */
export interface Decoded {
  asks: readonly Ask[];
  /** What the record keeps in place of the request's body. */
  recorded?: Buffer;
  /** The answer for the client; `answers` has one for each ask, in their order, all of status `ok`. */
  encode(answers: readonly WorkerAnswer[]): Answer;
}

/** A language of requests: how they become work for a worker, and how answers and errors are said in it. */
export interface Codec {
  /** What the record calls it. */
  language: RequestLanguage;
  /**
   * Throws ModelyardError for a request that is not understood or does not fit the model, and nothing else. `script` is what a worker
   * found out of the entry script; null without one. `takesParams`: the model has parameters of a prediction.
   */
  decode(request: ScoreRequest, revision: Answering, script?: ReadyScript | null, takesParams?: boolean): Decoded;
  /** The error for input that a worker finds unfit; its message is `{reason}`. */
  invalid(revision: Answering): ErrorCode;
  errorAnswer(error: ModelyardError, requestId: string): Answer;
  /** Whether answers are compressed for clients that ask for it. */
  compresses: boolean;
}

/**
 * Throws not-supported for an entry script that does not say what it takes, and for a server of its own; `what` is the word of a language for its
 * inputs.
 */
export function refuseScript({ service }: ScoreRequest, { upstream }: Answering, what: string): never {
  if (upstream)
    throw new ModelyardError("not-supported", {
      what: `${service} is answered by a server of its own, so nothing is known of its ${what}`,
      instead: `Its paths stand below /services/${service}/.`,
    });
  throw new ModelyardError("not-supported", {
    what: `${service} has an entry script, and nothing is known of its ${what}`,
    instead: `Send the body that the script takes to /services/${service}/score; or describe it with @input_schema of inference-schema, or with a sample.`,
  });
}
