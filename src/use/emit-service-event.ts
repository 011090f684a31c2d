import type { EventType } from "../contract/events.ts";
import type { Db } from "../kernel/db.ts";
import { emit } from "../kernel/outbox.ts";

export type ServiceEventType = Extract<EventType, `modelyard.service.${string}`>;

/** Tells what was done to a service, in the transaction that does it. Settings stay out: their variables may be secrets. */
export function emitServiceEvent(
  tx: Db,
  type: ServiceEventType,
  { service, by, at, ...more }: { service: string; by: string; at: number } & Record<string, unknown>,
): Promise<void> {
  return emit(tx, { type, subject: `services/${service}`, data: { service, ...more }, actor: by, at });
}
