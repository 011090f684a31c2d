import { z } from "zod";
import { ModelyardError } from "../../contract/errors.ts";
import type { InferenceEvent } from "../../contract/inference-event.ts";
import { modelReferenceSchema, serviceNameSchema } from "../../contract/operation.ts";
import { isYetToCome } from "../../kernel/clock-slack.ts";
import type { CloudEvent } from "./cloud-event.ts";

/** What the address says beside the event: names for what its sender calls otherwise, or cannot say. */
const querySchema = z
  .object({
    service: serviceNameSchema.optional(),
    model: modelReferenceSchema.regex(/:\d+$/, "is name:version").optional(),
  })
  .strict();

const kinds: Readonly<Record<string, InferenceEvent["kind"]>> = {
  "org.kubeflow.serving.inference.request": "request",
  "org.kubeflow.serving.inference.response": "response",
};

/** As an id of a record. */
const longestId = 100;

/**
 * An event of KServe's logger (kserve/pkg/logger/worker.go): both halves of a request have its id. Error: invalid-input.
 * It is monitored as `<inferenceservicename>`, with `-<namespace>` behind it unless that is `default`, and `-<component>` unless that is the predictor.
 */
export function inferenceEventOf(event: CloudEvent, query: unknown, now: number): InferenceEvent {
  const { id, type, time, source, extensions, data, datacontenttype } = event;
  const kind = kinds[type];
  if (kind === undefined) throw wrong(`the type ${type} is none of ${Object.keys(kinds).join(", ")}`);
  if (id.length > longestId) throw wrong(`the id is longer than ${longestId} characters`);
  const asked = querySchema.safeParse(query);
  if (!asked.success)
    throw wrong(asked.error.issues.map(({ path, message }) => `${path.join(".")}: ${message}`).join("; "));
  const { inferenceservicename = "", namespace = "default", component = "predictor" } = extensions;
  return {
    kind,
    id,
    service: asked.data.service ?? serviceOf(inferenceservicename, namespace, component),
    source: inferenceservicename === "" ? source : `${namespace}/${inferenceservicename}/${component}`,
    model: asked.data.model ?? null,
    at: time === undefined ? now : timeOf(time, now),
    contentType: datacontenttype ?? null,
    body: data,
  };
}

/** Lists, retention and compaction go by it: what is not yet would stand there for ever. */
function timeOf(time: string, now: number): number {
  const at = Date.parse(time);
  if (Number.isNaN(at)) throw wrong(`the time ${time} is no time such as 2026-01-31T12:00:00Z`);
  if (isYetToCome(at, now)) throw wrong(`the time ${time} is yet to come; the clock here says ${new Date(now).toISOString()}`);
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
