import { ModelyardError } from "../contract/errors.ts";
import type { Answer } from "./answer.ts";
import { rowsOf } from "./batch.ts";
import type { Ask, Codec, Decoded, ScoreRequest } from "./codecs/codec.ts";
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
  const { asks, encode, recorded } = decode(revision, question);
  if (recorded !== undefined) question.recorded = recorded;
  const [first] = asks;
  // what is asked of them twice, for classes and probabilities, is of the same rows
  if (first?.input.kind === "rows" || first?.input.kind === "json") question.rows = rowsOf(first);
  const id = request.requestId;
  const one = (ask: Ask) =>
    revision.score({ id, headers, input: ask.input, body: ask.body }, performance.now() - arrived, timeoutMs);
  const answerOf = (answers: readonly WorkerAnswer[]) => {
    for (const { head } of answers) if (head.status !== "ok") throw failureOf(head, codec, request, revision);
    return encode(answers);
  };
  if (asks.length === 1 && first !== undefined) return one(first).then((answer) => answerOf([answer]));
  // a throw of one must not leave the promise of another alone
  return Promise.all(asks.map(async (ask) => one(ask))).then(answerOf);
}

/** Their fixes show numbers; that of tensors leads to the metadata, which says text where the model reads documents. */
const ofNumbers: ReadonlySet<string> = new Set(["rows-invalid", "dataframe-invalid"]);

function decode({ wanted, script, takesParams, takesDocuments }: Revision, { codec, request }: Question): Decoded {
  try {
    return codec.decode(request, wanted, script, takesParams);
  } catch (error) {
    const isUnfit = takesDocuments && error instanceof ModelyardError && ofNumbers.has(error.code);
    // of parameters and methods that are wrong the documents are not
    throw isUnfit && error.details.params === undefined
      ? new ModelyardError("texts-invalid", { reason: error.message })
      : error;
  }
}

function failureOf(head: AnswerItemHead, codec: Codec, { requestId, service }: ScoreRequest, revision: Revision) {
  const { wanted, takesDocuments } = revision;
  switch (head.status) {
    case "invalid":
      if (head.lacks !== undefined) return methodLacking(head);
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

/** Nothing is wrong with the rows, so that no language shows how they are sent. */
const methodLacking = ({ reason, lacks }: AnswerItemHead) =>
  new ModelyardError("not-supported", {
    what: reason ?? `this model has no ${lacks}`,
    instead: "Ask for `predict`, as a request that names no method does.",
  });
