import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { SeenState, WantedState } from "../../contract/host.ts";
import { forgetEndReason, readEndReason } from "../../kernel/end-reason.ts";
import { type HostControl, makeHostControl } from "../../kernel/host-control.ts";
import type { Log } from "../../kernel/log.ts";
import { saveWantedState } from "../wanted-state.ts";

/** A process that runs one front: a host in a folder of its own, on the port that all share. */
export interface FrontProcess {
  /** Resolves with the reason when it is gone. */
  ended: Promise<string>;
  kill(signal: NodeJS.Signals): void;
}

export interface FrontPorts {
  folder: string;
  /** `again`: others answer meanwhile, so it may first get ready. */
  launch(again: boolean): FrontProcess;
  log: Log;
  onChange(): void;
}

/** A front that runs, and is started again when it dies. */
export interface Front {
  control: HostControl;
  folder: string;
  /** Undefined while it does not answer. */
  seen(): SeenState | undefined;
  /** Why it ended, until it is back with its services. */
  endReason(): string | undefined;
  /** Tells it, now if it answers, else as soon as it does. */
  want(wanted: WantedState): Promise<void>;
  /** Lets it finish what is in flight; by force after `limitMs`. */
  stop(limitMs: number): Promise<void>;
}

const firstDelayMs = 200;
const longestDelayMs = 5_000;
const healthyMs = 60_000;
const waitMs = 1_000;

const isStarted = ({ revisions }: SeenState["services"][number]): boolean =>
  revisions.every(({ state }) => state !== "starting");

export function runFront(ports: FrontPorts, first: WantedState): Front {
  const { folder, log } = ports;
  const control = makeHostControl(folder);
  let wanted = first;
  let told: WantedState | undefined;
  let telling = Promise.resolve();
  let seen: SeenState | undefined;
  let endReason: string | undefined;
  let current: FrontProcess | undefined;
  let stopping = false;
  const interrupt = new AbortController();

  // one after the other: what was wanted first must never be applied last
  const tell = () => {
    telling = telling
      .catch(() => {})
      .then(async () => {
        const now = wanted;
        if (told === now) return;
        await control.putWanted(now);
        told = now;
      });
    return telling;
  };
  const see = (state: SeenState | undefined) => {
    if (state !== undefined && state.change === seen?.change) return;
    seen = state;
    if (state?.services.every(isStarted)) endReason = undefined;
    ports.onChange();
  };
  const follow = async (process: FrontProcess) => {
    while (current === process && !stopping) {
      try {
        await tell();
        see(await control.seen(seen === undefined ? undefined : { after: seen.change, waitMs }));
      } catch {
        await sleep(50);
      }
    }
  };
  /** How it ended, with its own words if it left some. */
  const reasonOf = async (end: string): Promise<string> => {
    const words = await readEndReason(folder);
    await forgetEndReason(folder);
    return words === undefined ? end : `${end}: ${words}`;
  };
  const run = async () => {
    let delayMs = firstDelayMs;
    for (let again = false; !stopping; again = true) {
      // it boots from this, so that it never runs what is no longer wanted
      const boots = wanted;
      await saveWantedState(join(folder, "wanted.json"), boots);
      told = boots;
      const startedAt = performance.now();
      const process = ports.launch(again);
      current = process;
      void follow(process);
      const end = await process.ended;
      current = undefined;
      const reason = await reasonOf(end);
      endReason = reason;
      see(undefined);
      if (stopping) return;
      if (performance.now() - startedAt > healthyMs) delayMs = firstDelayMs;
      log.warn({ folder, reason, delayMs }, "a front ended; it is started again");
      await sleep(delayMs, undefined, { signal: interrupt.signal }).catch(() => {});
      delayMs = Math.min(2 * delayMs, longestDelayMs);
    }
  };
  const running = run();

  return {
    control,
    folder,
    seen: () => seen,
    endReason: () => endReason,
    want: async (next) => {
      wanted = next;
      await tell().catch(() => {});
    },
    stop: async (limitMs) => {
      stopping = true;
      interrupt.abort();
      current?.kill("SIGTERM");
      const limit = setTimeout(() => current?.kill("SIGKILL"), limitMs);
      await running;
      clearTimeout(limit);
    },
  };
}
