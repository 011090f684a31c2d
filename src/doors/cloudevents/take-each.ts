import { ModelyardError } from "../../contract/errors.ts";
import type { CloudEvent, SentEvent } from "./cloud-event.ts";

export interface Taken {
  /** New ones. */
  taken: number;
  /** Those that were here already. */
  known: number;
  refused: Refused[];
}

export interface Refused {
  /** Of the batch, from 0 on. */
  index: number;
  id: string | undefined;
  error: ModelyardError;
}

/**
 * Takes the events of a batch, each for itself: what is wrong with one costs it alone, as no repetition would mend it. What fails for
 * another reason is thrown; the sender repeats the batch then, of which those are known that were taken.
 */
export async function takeEach(
  events: readonly SentEvent[],
  take: (event: CloudEvent) => Promise<boolean>,
): Promise<Taken> {
  const answer: Taken = { taken: 0, known: 0, refused: [] };
  for (const [index, { id, read }] of events.entries()) {
    try {
      answer[(await take(read())) ? "taken" : "known"] += 1;
    } catch (error) {
      if (!(error instanceof ModelyardError) || error.status >= 500) throw error;
      answer.refused.push({ index, id, error });
    }
  }
  return answer;
}

/** Named one by one in a message; senders that go wrong do so with every event. */
const mostNamed = 3;

/** What to answer when nothing of a request could be taken. */
export function refuseAll(refused: readonly [Refused, ...Refused[]]): ModelyardError {
  if (refused.length === 1) return refused[0].error;
  const named = refused.slice(0, mostNamed).map((one) => `event ${nameOf(one)}: ${problemOf(one.error)}`);
  const others = refused.length - named.length;
  const problems = [...named, ...(others > 0 ? [`and ${others} more`] : [])].join("; ");
  return new ModelyardError("invalid-input", {
    problems: `none of the ${refused.length} events can be taken: ${problems}`,
  });
}

const nameOf = ({ index, id }: Refused) => (id === undefined ? `${index}` : `${index} (${id.slice(0, 100)})`);
const problemOf = (error: ModelyardError) =>
  error.code === "invalid-input" ? String(error.details.problems) : error.message;
