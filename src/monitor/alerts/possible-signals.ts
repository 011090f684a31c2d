import type { Condition } from "./condition/condition.ts";
import { refuseArgument } from "./condition/refuse-argument.ts";
import type { AlertPorts } from "./ports.ts";

/**
 * Refuses a condition on something that its service cannot have, as the error in numbers of what predicts classes: it would wait for ever. What is not
 * certain is not refused, nor an alert of all services, as the next one may have it. Throws condition-invalid, which names what there is instead.
 */
export async function mustBePossible(
  { clock, signals }: Pick<AlertPorts, "clock" | "signals">,
  { comparisons }: Condition,
  { when, service }: { when: string; service: string | null },
): Promise<void> {
  if (service === null) return;
  for (const { signal, argument } of comparisons) {
    const found = await signals.find(({ name }) => name === signal)?.possible?.(service, clock.now());
    if (argument === null || found === undefined || found.signals.includes(`${signal}(${argument})`)) continue;
    refuseArgument(when, { signal, argument }, `${found.because}; there are ${found.signals.join(", ")}`);
  }
}
