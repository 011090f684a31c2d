import type { Side } from "../profile/rows.ts";
import type { SignalShape } from "./condition/condition.ts";

/** The window in which a signal is looked at, epoch ms. */
export interface Look {
  service: string;
  from: number;
  to: number;
  /** Length of the window when the condition says it; a signal may choose another one when it does not. */
  overMs: number | null;
  /** A value that was kept of an earlier look will not do. */
  isFresh: boolean;
}

/** What a signal can be of on a service, written as in a condition, when it cannot be of all it knows. */
export interface Possible {
  signals: readonly string[];
  /** Such as "digits predicts classes". */
  because: string;
}

/** Something of a service that conditions are about. The rooms that measure it fill this; `main` joins them. */
export interface Signal extends SignalShape {
  /** The window when a condition says none, ms. */
  overMs: number;
  /** How often its value can change, ms: a replay looks no more often, and the less the rarer. */
  changesMs: number;
  /** Whose columns its argument names; left out when it names something else. */
  columnsOf?: readonly Side[];
  /** What can have a value on a service, as far as is certain; undefined: all of `among`. */
  possible?(service: string, now: number): Promise<Possible | undefined>;
  /** Its value in the unit (condition/condition.ts); null when there is not enough data. Reads stored statistics only. */
  value(look: Look, argument: string | null): Promise<number | null>;
}
