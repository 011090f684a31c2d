import { pino } from "pino";

/** Structured log. Expected failures are warnings; only bugs are errors. Never give it a secret. */
export interface Log {
  debug(fields: object, message: string): void;
  info(fields: object, message: string): void;
  warn(fields: object, message: string): void;
  error(fields: object, message: string): void;
}

/** A log that writes one JSON object a line to stderr, with the component's name in each. */
export function makeLog(component: string, level = "info"): Log {
  const destination = pino.destination({ dest: 2, sync: true, maxLength: 1 << 20 });
  // a log on a full disk costs lines, never the process; up to maxLength bytes are written when there is room again
  destination.on("error", () => {});
  return pino({ base: { component }, level, timestamp: pino.stdTimeFunctions.isoTime }, destination);
}

export const silentLog: Log = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} };
