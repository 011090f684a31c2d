import { availableParallelism } from "node:os";

/** Where one core is all there is, who is waited for needs it. */
const isAble = availableParallelism() > 1;

/**
 * Keeps the event loop from falling asleep until `isOver`, for at most `ms`: being woken takes longer than many a model. Whatever comes meanwhile is
 * done at once, as ever (docs/decisions/0038).
 */
export function stayAwake(ms: number, isOver: () => boolean): void {
  if (!isAble) return;
  const end = performance.now() + ms;
  const look = () => {
    if (!isOver() && performance.now() < end) setImmediate(look);
  };
  setImmediate(look);
}
