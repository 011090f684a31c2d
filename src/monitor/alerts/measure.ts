import type { Measured } from "../../contract/alerts.ts";
import type { Moment } from "./by-window.ts";
import { type Comparison, type Condition, judge } from "./condition/condition.ts";
import { valueText } from "./condition/quantity.ts";
import type { AlertPorts } from "./ports.ts";
import type { Verdict } from "./step.ts";

export interface Finding {
  verdict: Verdict;
  measured: Measured[];
}

/** Looks at every comparison of a condition on a service, at a moment (by-window.ts). A signal that cannot be had is logged and counts as not known. */
export async function measure(
  { signals, log }: Pick<AlertPorts, "signals" | "log">,
  condition: Condition,
  service: string,
  moment: Moment,
): Promise<Finding> {
  const measured: Measured[] = [];
  for (const comparison of condition.comparisons) {
    const value = await readSignal({ signals, log }, comparison, service, { overMs: condition.overMs, ...moment });
    const { signal, argument } = comparison;
    const unit = signals.find(({ name }) => name === signal)?.unit ?? "number";
    measured.push({
      signal: argument === null ? signal : `${signal}(${argument})`,
      ...{ value, text: valueText(unit, value), verdict: judge(comparison, value) },
    });
  }
  return { verdict: verdictOf(measured), measured };
}

/** All must hold to fire, and one that is over is enough to be resolved. */
function verdictOf(measured: readonly Measured[]): Verdict {
  if (measured.every(({ verdict }) => verdict === "breached")) return "breached";
  return measured.some(({ verdict }) => verdict === "clear") ? "clear" : "between";
}

async function readSignal(
  { signals, log }: Pick<AlertPorts, "signals" | "log">,
  { signal: name, argument }: Comparison,
  service: string,
  { overMs, at, isFresh }: Moment & { overMs: number | null },
): Promise<number | null> {
  const signal = signals.find((one) => one.name === name);
  if (signal === undefined) return null;
  try {
    return await signal.value({ service, from: at - (overMs ?? signal.overMs), to: at, overMs, isFresh }, argument);
  } catch (error) {
    log.warn({ signal: name, service, reason: String(error) }, "an alert could not look at a signal");
    return null;
  }
}
