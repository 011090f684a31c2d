import { availableParallelism } from "node:os";

/** Where one core is all there is, who is waited for needs it. */
const isAble = availableParallelism() > 1;

/** What it saves to be awake when the answer comes, measured where nobody else wanted a core. */
const savedMs = 0.15;
/** What is saved can be lost by waits in vain, but no more than this: it is of the past. */
const mostSavedMs = 3;
const firstRestMs = 10;
const longestRestMs = 300;

/**
 * Keeps the event loop from falling asleep until `isOver`, for at most `ms`: being woken takes longer than many a model. Whatever comes meanwhile is
 * done at once, as ever.
 */
export type StayAwake = (ms: number, isOver: () => boolean) => void;

/**
 * It rests as soon as waits in vain have cost more than the others saved, each time twice as long until it pays again: where others want the cores,
 * who is awake keeps them from whoever is waited for (docs/decisions/0038). `now` gives milliseconds.
 */
export function makeStayAwake(now = () => performance.now()): StayAwake {
  let saved = 0;
  let restMs = firstRestMs;
  let restUntil = 0;
  const count = (gain: number, at: number) => {
    saved = Math.min(mostSavedMs, saved + gain);
    if (saved === mostSavedMs) restMs = firstRestMs;
    if (saved >= 0) return;
    saved = 0;
    restUntil = at + restMs;
    restMs = Math.min(longestRestMs, 2 * restMs);
  };
  return (ms, isOver) => {
    const begun = now();
    if (!isAble || begun < restUntil) return;
    const look = () => {
      const at = now();
      // first: it may be over because this core was somebody else's for long
      if (at - begun >= ms) return count(begun - at, at);
      if (isOver()) return count(savedMs, at);
      setImmediate(look);
    };
    setImmediate(look);
  };
}
