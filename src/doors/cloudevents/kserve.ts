import { z } from "zod";
import { ModelyardError } from "../../contract/errors.ts";
import type { InferenceEvent } from "../../contract/inference-event.ts";
import { modelReferenceSchema, serviceNameSchema } from "../../contract/operation.ts";
import { isYetToCome } from "../../kernel/clock-slack.ts";
import { problemsOf } from "../input-problems.ts";
import type { CloudEvent } from "./cloud-event.ts";

/** What the address says beside the event: names for what its sender calls otherwise, or cannot say. */
const addressSchema = z
  .object({
    service: serviceNameSchema.optional(),
    model: modelReferenceSchema.regex(/:\d+$/, "is name:version").optional(),
  })
  .strict();
type Address = z.output<typeof addressSchema>;

const kinds: Readonly<Record<string, InferenceEvent["kind"]>> = {
  "org.kubeflow.serving.inference.request": "request",
  "org.kubeflow.serving.inference.response": "response",
};

/** As an id of a record. */
const longestId = 100;

/** What the query of a request says for all its events. Error: invalid-input. */
export function readAddress(query: unknown): Address {
  const { data, error } = addressSchema.safeParse(query);
  if (error !== undefined) throw wrong(`the address: ${problemsOf(error)}`);
  return data;
}

/**
 * An event of KServe's logger (kserve/pkg/logger/worker.go): both halves of a request have its id. Error: invalid-input.
 * It is monitored as `<inferenceservicename>`, with `-<namespace>` behind it unless that is `default`, and `-<component>` unless that is the predictor.
 */
export function inferenceEventOf(event: CloudEvent, address: Address, now: number): InferenceEvent {
  const { id, type, time, source, extensions, data, datacontenttype } = event;
  const kind = kinds[type];
  if (kind === undefined) throw wrong(`the type ${type} is none of ${Object.keys(kinds).join(", ")}`);
  if (id.length > longestId) throw wrong(`the id is longer than ${longestId} characters`);
  const { inferenceservicename = "", namespace = "default", component = "predictor" } = extensions;
  return {
    kind,
    id,
    service: address.service ?? serviceOf(inferenceservicename, namespace, component),
    source: inferenceservicename === "" ? source : `${namespace}/${inferenceservicename}/${component}`,
    model: address.model ?? null,
    at: time === undefined ? now : timeOf(time, now),
    contentType: datacontenttype ?? null,
    body: data,
  };
}

/** Lists, retention and compaction go by it: what is not yet would stand there for ever. */
function timeOf(time: string, now: number): number {
  const at = Date.parse(time);
  if (Number.isNaN(at)) throw wrong(`the time ${time} is no time such as 2026-01-31T12:00:00Z`);
  if (isYetToCome(at, now))
    throw wrong(`the time ${time} is yet to come; the clock here says ${new Date(now).toISOString()}`);
  return at;
}

function serviceOf(name: string, namespace: string, component: string): string {
  const parts = [
    name,
    ...(namespace === "default" ? [] : [namespace]),
    ...(component === "predictor" ? [] : [component]),
  ];
  const service = parts.join("-");
  if (serviceNameSchema.safeParse(service).success) return service;
  throw wrong(
    name === ""
      ? "the event does not say its inferenceservicename; name it in the address: /cloudevents?service=NAME"
      : `${service} cannot be the name of a service (3 to 32 lower-case letters, digits and -); name it in the address: /cloudevents?service=NAME`,
  );
}

const wrong = (problems: string) => new ModelyardError("invalid-input", { problems });
