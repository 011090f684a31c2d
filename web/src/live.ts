import { isOfSteps, queryClient } from "./api.ts";

/** Which steps' pages an event makes stale, by the noun of its type: modelyard.<noun>.<what happened>. */
const stepsOf: Record<string, readonly string[]> = {
  model: ["register"],
  version: ["register"],
  alias: ["register"],
  image: ["use"],
  service: ["register", "use", "update", "monitor"],
  alert: ["monitor"],
  drift: ["monitor"],
  baseline: ["monitor"],
  dataset: ["monitor"],
  token: ["access"],
  webhook: ["events"],
};

/** Many events at once are one refresh. */
const pauseMs = 500;
/** A page that is out of sight gives its connection back: browsers open six to one server, for all its pages together. */
const hiddenMs = 30_000;
/** How long a connection may be away before it is told: one that comes back at once is nobody's concern. */
const patienceMs = 2_000;
/** How long to wait after an answer that is no stream, such as a proxy's; the browser comes back by itself only after a cut. */
const againMs = 5_000;

/**
 * Follows the server's events and has what they touch fetched anew. After a cut the browser comes back and says which event it saw last; after
 * any break everything that is shown is fetched, also what no event tells.
 */
export function followEvents(onState: (connected: boolean) => void): () => void {
  const refresh = refresher();
  const timers: Partial<Record<"hidden" | "patience" | "again", ReturnType<typeof setTimeout>>> = {};
  let source: EventSource | undefined;
  let wasLost = false;
  const lost = () => {
    wasLost = true;
    timers.patience ??= setTimeout(() => onState(false), patienceMs);
  };
  const found = () => {
    clearTimeout(timers.patience);
    delete timers.patience;
    onState(true);
    if (wasLost) void queryClient.invalidateQueries();
    wasLost = false;
  };
  const open = () => {
    clearTimeout(timers.again);
    source = new EventSource("/api/v1/events/stream");
    source.onmessage = ({ data }) => refresh.soon(String(data));
    source.onopen = found;
    // what was missed is not kept any more
    source.addEventListener("reset", () => void queryClient.invalidateQueries());
    source.onerror = () => {
      lost();
      if (source?.readyState !== EventSource.CLOSED) return;
      // an answer that is no stream: perhaps the session ended, which any question shows
      void queryClient.invalidateQueries({ queryKey: ["getSession"] });
      timers.again = setTimeout(open, againMs);
    };
  };
  const close = () => {
    clearTimeout(timers.again);
    source?.close();
    source = undefined;
    wasLost = true;
  };
  const onVisibility = () => {
    clearTimeout(timers.hidden);
    if (document.hidden) timers.hidden = setTimeout(close, hiddenMs);
    else if (source === undefined) open();
  };
  document.addEventListener("visibilitychange", onVisibility);
  open();
  return () => {
    document.removeEventListener("visibilitychange", onVisibility);
    for (const timer of Object.values(timers)) clearTimeout(timer);
    refresh.stop();
    close();
  };
}

/** Gathers what events make stale, and fetches it anew after a pause. */
function refresher() {
  const stale = new Set<string>();
  let timer: ReturnType<typeof setTimeout> | undefined;
  const now = () => {
    timer = undefined;
    const steps = [...stale, "events"];
    stale.clear();
    void queryClient.invalidateQueries({ predicate: ({ queryKey }) => isOfSteps(queryKey, steps) });
  };
  return {
    /** `data` is an event as list-events gives it. */
    soon(data: string) {
      const { type } = JSON.parse(data) as { type?: unknown };
      for (const step of stepsOf[String(type).split(".")[1] ?? ""] ?? []) stale.add(step);
      timer ??= setTimeout(now, pauseMs);
    },
    stop: () => clearTimeout(timer),
  };
}
