import type { Clock } from "../kernel/clock.ts";
import type { Log } from "../kernel/log.ts";

const levels = { debug: 20, info: 30, warn: 40, error: 50 } as const;

/** The same lines as kernel/log.ts without its library, which would cost the host a fifth of its memory. */
export function makeJsonLog(component: string, clock: Clock, write: (line: string) => void): Log {
  const at = (level: keyof typeof levels) => (fields: object, message: string) => {
    const time = new Date(clock.now()).toISOString();
    write(`${JSON.stringify({ level: levels[level], time, component, ...fields, msg: message })}\n`);
  };
  return { debug: () => {}, info: at("info"), warn: at("warn"), error: at("error") };
}
