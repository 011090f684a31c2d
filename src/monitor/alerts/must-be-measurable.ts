import type { Condition } from "./condition/condition.ts";
import { mustHaveColumns } from "./known-columns.ts";
import type { AlertPorts } from "./ports.ts";
import { mustBePossible } from "./possible-signals.ts";

/** Refuses a condition that would wait for ever for what its service does not have. Throws condition-invalid, which says what there is. */
export async function mustBeMeasurable(
  ports: Pick<AlertPorts, "db" | "clock" | "signals">,
  condition: Condition,
  alert: { when: string; service: string | null },
): Promise<void> {
  await mustHaveColumns(ports, condition, alert);
  await mustBePossible(ports, condition, alert);
}
