import { setTimeout as sleep } from "node:timers/promises";
import type { Client } from "../client/client.ts";
import { readImageParts, uploadImageParts } from "../client/files/image-source.ts";
import type { TransferOptions } from "../client/patience.ts";
import { ModelyardError } from "../contract/errors.ts";
import type { OutputOf } from "../contract/operations.ts";
import { upstreamText } from "../contract/upstream.ts";
import type { Service } from "../contract/use.ts";
import type { Done, UpEvent } from "./events.ts";
import { findModel, registerModel } from "./register-models.ts";
import type { Wanted } from "./wanted.ts";

export interface UpPorts {
  client: Client;
  /** Told what goes on, as it goes on. */
  tell(event: UpEvent): void;
  uploads: TransferOptions;
}

/**
 * Makes the wanted service true with the operations of the contract, doing only what differs from what stands:
 * models, image, service, one sample request. Throws what the operations throw.
 */
export async function up(wanted: Wanted, ports: UpPorts): Promise<Done> {
  const models = await registerAll(wanted, ports);
  const image = await imageOf(wanted, models.references, ports);
  const service = await serviceOf(wanted, image.digest, ports);
  if (service.changed && image.manifest.sample !== null) await sendSample(wanted.service, ports);
  return describe(service.service, models.changed || service.changed, ports);
}

const step = (ports: UpPorts, name: string, message: string) => ports.tell({ event: "step", step: name, message });

async function registerAll(wanted: Wanted, ports: UpPorts): Promise<{ references: string[]; changed: boolean }> {
  const references: string[] = [];
  let changed = false;
  for (const model of wanted.models) {
    const found = await findModel(ports.client, model, ports.uploads.signal);
    if (found.standing === undefined && model.path !== undefined) {
      step(ports, "register", `Registering ${model.path} as model ${model.name}`);
    }
    const registered = await registerModel(ports.client, found, ports.uploads);
    references.push(registered.reference);
    changed ||= registered.changed;
    step(ports, "register", `Model ${registered.reference} ${found.standing ? "is registered" : "registered"}`);
  }
  return { references, changed };
}

async function imageOf(wanted: Wanted, models: string[], ports: UpPorts): Promise<OutputOf<"getImage">> {
  const { client, tell, uploads } = ports;
  if (wanted.image !== undefined) return client.getImage({ digest: wanted.image }, uploads);
  const parts = await uploadImageParts(client, await readImageParts(wanted.parts, uploads.signal), uploads);
  const image = await client.buildImage(
    { models, ...parts, python: wanted.python, accelerate: wanted.accelerate, upstream: wanted.upstream },
    { onProgress: tell, signal: uploads.signal },
  );
  step(ports, "image", `Image ${image.digest.slice(0, 12)} ${image.built ? "built" : "stands"}, ${enginesText(image)}`);
  return image;
}

function enginesText({ python, engineReason, manifest }: OutputOf<"getImage">): string {
  if (manifest.upstream !== undefined) return `answered by ${upstreamText(manifest.upstream)}`;
  return `${python === null ? "no Python needed" : `Python ${python}`}; ${engineReason}`;
}

async function serviceOf(
  wanted: Wanted,
  image: string,
  ports: UpPorts,
): Promise<{ service: Service; changed: boolean }> {
  const { client, tell, uploads } = ports;
  const options = { onProgress: tell, signal: uploads.signal };
  const input = { name: wanted.service, image, ...wanted.settings };
  const standing = await findService(client, wanted.service, uploads.signal);
  if (standing === undefined) {
    const service = await client.deployService(input, options);
    step(ports, "deploy", `Service ${service.name} is ${service.state}`);
    return { service, changed: true };
  }
  const stopped = standing.state === "stopped";
  if (stopped) {
    step(ports, "start", `Starting service ${standing.name}`);
    await client.startService({ name: standing.name }, options);
  }
  const { changed, service: updated } = await client.updateService(input, options);
  const service = changed ? updated : await whenBack(updated, ports);
  step(ports, "deploy", `Service ${service.name} is ${service.state}, revision ${service.revision}`);
  return { service, changed: changed || stopped };
}

/** What was not changed may still be coming back, when its host was started by this very command. */
async function whenBack(standing: Service, { client, uploads: { signal } }: UpPorts): Promise<Service> {
  let service = standing;
  // a part of it that is missing for longer is not about to come back, and the others answer
  const mayComeBack = (tries: number) =>
    ["unknown", "starting"].includes(service.state) || (service.state === "degraded" && tries < 25);
  for (let tries = 0; tries < 100 && mayComeBack(tries); tries += 1) {
    await sleep(200, undefined, { signal });
    service = await client.getService({ name: service.name }, { signal });
  }
  return service;
}

/** A service, or undefined when there is none of this name. */
export async function findService(
  client: Client,
  name: string,
  signal?: AbortSignal,
): Promise<OutputOf<"getService"> | undefined> {
  try {
    return await client.getService({ name }, { signal });
  } catch (error) {
    if (error instanceof ModelyardError && error.code === "service-not-found") return undefined;
    throw error;
  }
}

async function sendSample(name: string, ports: UpPorts): Promise<void> {
  const { status, durationMs, answer } = await ports.client.invokeService({ name }, { signal: ports.uploads.signal });
  const shown = answer.length > 200 ? `${answer.slice(0, 200)}…` : answer;
  step(ports, "sample", `Sample request answered ${status} in ${durationMs.toFixed(1)} ms: ${shown}`);
}

async function describe(service: Service, changed: boolean, ports: UpPorts): Promise<Done> {
  const keys = service.settings.auth === "key" ? await ports.client.getServiceKeys({ name: service.name }) : undefined;
  return {
    event: "done",
    changed,
    service: service.name,
    scoringUri: service.scoringUri,
    swaggerUri: service.swaggerUri,
    key: keys?.primary ?? null,
    model: service.models.join(","),
    image: service.image,
    revision: service.revision,
  };
}
