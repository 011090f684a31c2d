import { isOfSteps, queryClient } from "./api.ts";

/** Which steps' pages an event makes stale, by the noun of its type: modelyard.<noun>.<what happened>. */
const stepsOf: Record<string, readonly string[]> = {
  model: ["register"],
  version: ["register"],
  alias: ["register"],
  image: ["use"],
  service: ["use", "update", "monitor"],
  alert: ["monitor"],
  drift: ["monitor"],
  baseline: ["monitor"],
  dataset: ["monitor"],
  token: ["access"],
  webhook: ["events"],
};

/** Many events at once are one refresh. */
const pauseMs = 500;

/**
 * Follows the server's events and has what they touch fetched anew. The browser reconnects by itself and says which event it saw last;
 * after a longer break everything on the page is fetched.
 */
export function followEvents(onState: (connected: boolean) => void): () => void {
  const source = new EventSource("/api/v1/events/stream");
  const stale = new Set<string>();
  let timer: ReturnType<typeof setTimeout> | undefined;
  let wasLost = false;
  const refreshSoon = (steps: readonly string[]) => {
    for (const step of steps) stale.add(step);
    timer ??= setTimeout(() => {
      timer = undefined;
      const steps = [...stale, "events"];
      stale.clear();
      void queryClient.invalidateQueries({ predicate: ({ queryKey }) => isOfSteps(queryKey, steps) });
    }, pauseMs);
  };
  source.onmessage = ({ data }) => {
    const noun = String((JSON.parse(data) as { type?: unknown }).type).split(".")[1] ?? "";
    refreshSoon(stepsOf[noun] ?? []);
  };
  source.onopen = () => {
    onState(true);
    if (wasLost) void queryClient.invalidateQueries();
    wasLost = false;
  };
  source.onerror = () => {
    wasLost = true;
    onState(false);
  };
  return () => {
    clearTimeout(timer);
    source.close();
  };
}
