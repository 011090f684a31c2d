import { ModelyardError } from "../contract/errors.ts";
import type { Answer } from "./answer.ts";
import type { Ask, Codec, ScoreRequest } from "./codecs/codec.ts";
import type { WorkerAnswer } from "./engines/worker-connection.ts";
import type { AnswerItemHead } from "./engines/worker-frames.ts";
import type { Revision } from "./revision.ts";

/** A request on its way to a revision. */
export interface Question {
  codec: Codec;
  request: ScoreRequest;
  /** What a script sees of the request's headers. */
  headers(): Record<string, string>;
  /** When it arrived, in the time of `performance.now()`. */
  arrived: number;
  /** Milliseconds from then that its client waits; the revision's own limit holds too. */
  timeoutMs?: number | undefined;
  /** What the record keeps in place of the body, once the request was understood. */
  recorded?: Buffer;
  /** Rows it asks for, once it was understood as rows. */
  rows?: number;
}

/** The answer of a revision in the language of the request. Throws or rejects with the errors of the codec and of pool.ts, and scoring-failed. */
export function askRevision(revision: Revision, question: Question): Promise<Answer> {
  const { codec, request, headers, arrived, timeoutMs } = question;
  const { asks, encode, recorded } = codec.decode(request, revision.wanted, revision.script, revision.takesParams);
  if (recorded !== undefined) question.recorded = recorded;
  for (const { input } of asks) if (input.kind === "rows") question.rows = (question.rows ?? 0) + input.shape[0];
  const id = request.requestId;
  const one = (ask: Ask) =>
    revision.score({ id, headers, input: ask.input, body: ask.body }, performance.now() - arrived, timeoutMs);
  const answerOf = (answers: readonly WorkerAnswer[]) => {
    for (const { head } of answers) if (head.status !== "ok") throw failureOf(head, codec, request, revision);
    return encode(answers);
  };
  const [first] = asks;
  if (asks.length === 1 && first !== undefined) return one(first).then((answer) => answerOf([answer]));
  // a throw of one must not leave the promise of another alone
  return Promise.all(asks.map(async (ask) => one(ask))).then(answerOf);
}

function failureOf(head: AnswerItemHead, codec: Codec, { requestId, service }: ScoreRequest, revision: Revision) {
  const { wanted, takesDocuments } = revision;
  switch (head.status) {
    case "invalid":
      // what a language says of rows shows numbers
      return new ModelyardError(takesDocuments ? "texts-invalid" : codec.invalid(wanted), {
        service,
        reason: head.reason ?? "The input does not fit the model",
      });
    case "timeout":
      return new ModelyardError("scoring-timeout", { service, timeoutMs: wanted.timeoutMs });
    default:
      return new ModelyardError("scoring-failed", { service, revision: wanted.number, requestId });
  }
}
