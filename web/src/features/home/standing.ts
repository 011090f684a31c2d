import type { OutputOf } from "../../../../src/contract/operations.ts";

export type Service = OutputOf<"listServices">["items"][number];
export type Usage = OutputOf<"summariseUsage">["items"][number];
export type Change = OutputOf<"listChanges">["items"][number];
type Alert = OutputOf<"listAlerts">["items"][number];

/** A service with what is known of it. */
export interface Standing {
  service: Service;
  /** Null when nobody asked it, undefined while that is not known. */
  usage: Usage | null | undefined;
  change: Change | null | undefined;
  /** Names of the alerts that fire on it. */
  firing: string[];
}

/** What to say of each that is not known. */
export type Unknown = Record<"usage" | "changes" | "alerts", string>;

const urgency: Record<Service["state"], number> = {
  failed: 0,
  degraded: 1,
  unknown: 2,
  starting: 3,
  ready: 4,
  stopped: 5,
};

/** Services with what is known of each: what needs somebody first, then what is used most. Undefined is what has not been answered. */
export function standingsOf(
  services: readonly Service[],
  usages: readonly Usage[] | undefined,
  changes: readonly Change[] | undefined,
  alerts: readonly Alert[] | undefined,
): Standing[] {
  const usageOf = usages && new Map(usages.map((usage) => [usage.service, usage]));
  const changeOf = changes && new Map(changes.map((change) => [change.service, change]));
  const firing = firingOf(alerts ?? []);
  return services
    .map((service) => ({
      service,
      usage: usageOf && (usageOf.get(service.name) ?? null),
      change: changeOf && (changeOf.get(service.name) ?? null),
      firing: firing.flatMap(({ alert, service: name }) => (name === service.name ? [alert] : [])),
    }))
    .sort(
      (a, b) =>
        urgency[a.service.state] - urgency[b.service.state] ||
        b.firing.length - a.firing.length ||
        (b.usage?.requests ?? 0) - (a.usage?.requests ?? 0) ||
        (a.service.name < b.service.name ? -1 : 1),
    );
}

/** Each alert on each service that it fires on, the newest first. */
export function firingOf(alerts: readonly Alert[]) {
  return alerts
    .flatMap(({ name, services }) =>
      services.flatMap(({ service, state, since, measured }) =>
        state === "firing"
          ? [{ alert: name, service, since, text: measured.map(({ signal, text }) => `${signal} ${text}`).join(", ") }]
          : [],
      ),
    )
    .sort((a, b) => b.since - a.since);
}

/** The numbers that stand above all: of how many services how many are in which state, and what was asked of them. */
export function figuresOf(standings: readonly Standing[]) {
  const states = new Map<string, number>();
  for (const { service } of standings) states.set(service.state, (states.get(service.state) ?? 0) + 1);
  const sum = (member: "requests" | "errors") =>
    standings.reduce((total, { usage }) => total + (usage?.[member] ?? 0), 0);
  return {
    states: [...states].map(([state, count]) => `${count} ${state}`),
    asked: standings.some(({ usage }) => usage === undefined)
      ? undefined
      : { requests: sum("requests"), errors: sum("errors") },
  };
}
