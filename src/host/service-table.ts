import type { IncomingHttpHeaders } from "node:http";
import { ModelyardError } from "../contract/errors.ts";
import type { SeenRevision, WantedRevision, WantedService, WantedState } from "../contract/host.ts";
import { type Choice, chooseRevision } from "./choose-revision.ts";
import { makeRecorder, type Recorder } from "./keep-record.ts";
import type { Revision } from "./revision.ts";
import { workerKey } from "./revision.ts";

type LiveRevision = Revision & Choice;

export interface Service {
  wanted: WantedService;
  /** Makes what is kept of its requests. */
  recorder: Recorder;
  live: Map<number, LiveRevision>;
}

/** The services of a host with their running revisions. */
export interface ServiceTable {
  /**
   * Starts what is new, drains what is gone, and leaves running what stays. Does not wait for any of it. `recordKey` is that of rules of
   * the kind hmac; null when it is not there.
   */
  apply(wanted: WantedState, recordKey: Buffer | null): void;
  /** Error: service-not-found. */
  get(name: string): Service;
  find(name: string): Service | undefined;
  all(): Service[];
  /** Whether a service is answered by a server that is no worker of ours. */
  hasUpstream(name: string): boolean;
  seen(): { name: string; revisions: SeenRevision[] }[];
  /** Drains everything, what is being drained already too, within `limitMs`. */
  close(limitMs: number): Promise<void>;
}

export function makeServiceTable(
  start: (service: string, wanted: WantedRevision) => Revision,
  onChange: () => void,
): ServiceTable {
  const services = new Map<string, Service>();
  let upstreams = new Set<string>();
  const draining = new Map<string, Set<Revision>>();

  const drain = async (name: string, revision: Revision) => {
    const leaving = draining.get(name) ?? new Set();
    draining.set(name, leaving.add(revision));
    await revision.drain();
    leaving.delete(revision);
    if (leaving.size === 0 && draining.get(name) === leaving) draining.delete(name);
    onChange();
  };
  const remove = (service: Service, number: number): void => {
    const revision = service.live.get(number);
    service.live.delete(number);
    if (revision !== undefined) void drain(service.wanted.name, revision);
  };
  const applyService = (wanted: WantedService, recordKey: Buffer | null) => {
    const recorder = makeRecorder(wanted.record, recordKey);
    const service = services.get(wanted.name) ?? { wanted, recorder, live: new Map<number, LiveRevision>() };
    services.set(wanted.name, service);
    Object.assign(service, { wanted, recorder });
    for (const revision of wanted.revisions) {
      const running = service.live.get(revision.number);
      if (running !== undefined && workerKey(running.wanted) === workerKey(revision)) {
        running.wanted = revision;
        continue;
      }
      remove(service, revision.number);
      service.live.set(revision.number, withCredit(start(wanted.name, revision)));
    }
    const numbers = new Set(wanted.revisions.map((revision) => revision.number));
    for (const number of service.live.keys()) if (!numbers.has(number)) remove(service, number);
  };
  const removeService = (service: Service) => {
    services.delete(service.wanted.name);
    for (const number of [...service.live.keys()]) remove(service, number);
  };

  return {
    apply: (wanted, recordKey) => {
      for (const service of wanted.services) applyService(service, recordKey);
      const names = new Set(wanted.services.map((service) => service.name));
      for (const service of services.values()) if (!names.has(service.wanted.name)) removeService(service);
      upstreams = new Set(wanted.services.filter(isElsewhere).map(({ name }) => name));
      onChange();
    },
    get: (name) => {
      const service = services.get(name);
      if (service === undefined) throw new ModelyardError("service-not-found", { service: name });
      return service;
    },
    find: (name) => services.get(name),
    all: () => [...services.values()],
    hasUpstream: (name) => upstreams.has(name),
    seen: () =>
      [...new Set([...services.keys(), ...draining.keys()])].map((name) => ({
        name,
        revisions: [...(services.get(name)?.live.values() ?? []), ...(draining.get(name) ?? [])].map((revision) =>
          revision.seen(),
        ),
      })),
    close: async (limitMs) => {
      for (const service of [...services.values()]) removeService(service);
      const leaving = [...draining.values()].flatMap((revisions) => [...revisions]);
      await Promise.all(leaving.map((revision) => revision.drain(limitMs)));
    },
  };
}

/** What most of the traffic goes to decides. */
function isElsewhere({ isElsewhere, revisions }: WantedService): boolean {
  if (isElsewhere !== undefined) return isElsewhere;
  const [main] = [...revisions].sort((a, b) => b.share - a.share);
  return Boolean(main?.upstream);
}

/** Adds the traffic credit without losing the revision's accessors. */
function withCredit(revision: Revision): LiveRevision {
  return Object.assign(revision, { credit: 0 });
}

/** A request that names a revision in this header gets that one, whatever its share. */
const revisionHeader = "x-modelyard-revision";

/** The revision that takes a request with these headers. Errors: not-running; no-replica, with the reason; revision-not-found, for one that was named. */
export function nextRevision(service: Service, headers: IncomingHttpHeaders): Revision {
  const named = headers[revisionHeader];
  if (named !== undefined) return revisionNamed(service, String(named));
  const chosen = chooseRevision(service.live, service.wanted.traffic, headers);
  if (chosen === undefined) throw cannotAnswer(service);
  return chosen;
}

/** The revision that best speaks for a service: the one with most traffic. Error: not-running. */
export function mainRevision(service: Service): Revision {
  const [main] = [...service.live.values()].sort((a, b) => b.wanted.share - a.wanted.share);
  if (main === undefined) throw cannotAnswer(service);
  return main;
}

export function hasTraffic(service: Service): boolean {
  return [...service.live.values()].some(({ wanted }) => wanted.share > 0);
}

/** Whether a request could be taken now. */
export function isReady(service: Service): boolean {
  for (const revision of service.live.values()) if (revision.wanted.share > 0 && revision.isReady()) return true;
  return false;
}

/** Errors, when no request could be taken now: not-running, no-replica. */
export function requireReplica(service: Service): void {
  if (!isReady(service)) throw cannotAnswer(service);
}

/** One revision by the text of its number, whatever its share. Errors: not-running, revision-not-found, no-replica. */
export const revisionNamed = (service: Service, text: string): Revision =>
  /^\d{1,9}$/.test(text)
    ? revisionByNumber(service, Number(text))
    : // none has the number 0
      revisionByNumber(service, 0, JSON.stringify(text.slice(0, 100)));

/** One revision by its number, which a client may have `named` otherwise. Errors: not-running, revision-not-found, no-replica. */
export function revisionByNumber(service: Service, number: number, named: string | number = number): Revision {
  if (service.live.size === 0) throw cannotAnswer(service);
  const revision = service.live.get(number);
  const { name } = service.wanted;
  if (revision === undefined) throw new ModelyardError("revision-not-found", { service: name, revision: named });
  if (!revision.isReady()) throw new ModelyardError("no-replica", { service: name, reason: reasonOf(revision) });
  return revision;
}

function cannotAnswer({ wanted: { name: service }, live }: Service): ModelyardError {
  if (live.size === 0) return new ModelyardError("not-running", { service });
  const withTraffic = [...live.values()].filter((revision) => revision.wanted.share > 0);
  const reason = withTraffic.length === 0 ? "no revision has traffic" : withTraffic.map(reasonOf).join("; ");
  return new ModelyardError("no-replica", { service, reason });
}

/** The state alone: why it is so may quote what a script wrote, which is for those who see the service, not for its clients. */
function reasonOf(revision: Revision): string {
  const { number, state } = revision.seen();
  return `revision ${number} is ${state}`;
}
