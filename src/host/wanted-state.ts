import { rename } from "node:fs/promises";
import { ModelyardError } from "../contract/errors.ts";
import type { WantedState } from "../contract/host.ts";
import { trafficProblems } from "../contract/traffic.ts";
import { readTextIfAny, writeFileAtomic } from "../kernel/files.ts";
import type { Log } from "../kernel/log.ts";

type Shape = Record<string, (value: unknown) => boolean>;

const isText = (value: unknown): boolean => typeof value === "string";
const isTextIfAny = (value: unknown): boolean => value === undefined || value === null || isText(value);
const isCount = (value: unknown): boolean => typeof value === "number" && Number.isInteger(value) && value >= 0;
const isCountIfAny = (value: unknown): boolean => value === undefined || isCount(value);
const isObject = (value: unknown): boolean => typeof value === "object" && value !== null && !Array.isArray(value);
const isNumber = (value: unknown): boolean => typeof value === "number";

const serviceShape: Shape = {
  name: (value) => isText(value) && /^[a-z]([-a-z0-9]*[a-z0-9])?$/.test(value as string),
  auth: (value) => value === "key" || value === "none",
  keyDigests: Array.isArray,
  tokenSecret: (value) => value === undefined || isText(value),
  maxBodyBytes: isCount,
  maxConcurrentRequests: isCountIfAny,
  record: isObject,
  corsOrigins: (value) => value === undefined || Array.isArray(value),
  revisions: Array.isArray,
};
const revisionShape: Shape = {
  number: isCount,
  share: isNumber,
  image: isText,
  python: (value) => value === null || isText(value),
  models: Array.isArray,
  script: (value) => value === null || isObject(value),
  env: isObject,
  replicas: isCount,
  timeoutMs: isCount,
  maxQueueWaitMs: isCountIfAny,
  signature: isObject,
  quiet: (value) => value === undefined || typeof value === "boolean",
  sample: (value) => value === null || isText(value),
  upstream: (value) => value === undefined || value === null || isObject(value),
};

/** Checks the shape of a wanted state that came as JSON. Error: invalid-input, naming every member that is wrong. */
export function parseWantedState(text: string): WantedState {
  const problems: string[] = [];
  const check = (value: unknown, shape: Shape, path: string) => {
    for (const [name, fits] of Object.entries(shape)) {
      if (!fits((value as Record<string, unknown> | null)?.[name])) problems.push(`${path}.${name}`);
    }
  };
  let state: WantedState;
  try {
    state = JSON.parse(text) as WantedState;
  } catch (error) {
    throw new ModelyardError("not-json", { reason: (error as Error).message });
  }
  check(state, { services: Array.isArray, server: isTextIfAny, recordKeyFile: isTextIfAny }, "wanted");
  if (problems.length === 0) {
    state.services.forEach((service, index) => {
      check(service, serviceShape, `services[${index}]`);
      if (!Array.isArray(service?.revisions)) return;
      if (service.traffic !== undefined)
        for (const problem of trafficProblems(service.traffic, service.revisions, ignored))
          problems.push(`services[${index}].${problem}`);
      service.revisions.forEach((revision, place) => {
        check(revision, revisionShape, `services[${index}].revisions[${place}]`);
      });
    });
  }
  if (problems.length > 0) throw new ModelyardError("invalid-input", { problems });
  return state;
}

/** What of its traffic names revisions that are not there. A request passes over such a rule, and such a mirror gets none. */
export const ignoredTraffic = ({ services }: WantedState): string[] =>
  services.flatMap(({ name, traffic, revisions }) => {
    const absent: string[] = [];
    if (traffic !== undefined) trafficProblems(traffic, revisions, (problem) => absent.push(`${name}: ${problem}`));
    return absent;
  });

const ignored = (): void => {};

/** Keeps the wanted state; it is durable before this returns. The server says it again and again: what stands is not written anew. */
export async function saveWantedState(path: string, state: WantedState): Promise<void> {
  const text = JSON.stringify(state);
  if ((await readTextIfAny(path)) !== text) await writeFileAtomic(path, text);
}

/** The wanted state of the last run, or none. A file that cannot be read is kept aside: a host that starts can be told again. */
export async function loadWantedState(path: string, log: Log): Promise<WantedState> {
  const text = await readTextIfAny(path);
  if (text === undefined) return { services: [] };
  try {
    return parseWantedState(text);
  } catch (error) {
    log.error({ path, reason: (error as Error).message }, "the wanted state cannot be read; starting with none");
    await rename(path, `${path}.damaged`);
    return { services: [] };
  }
}
