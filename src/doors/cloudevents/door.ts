import type { FastifyInstance } from "fastify";
import { ModelyardError } from "../../contract/errors.ts";
import type { InferenceEvent } from "../../contract/inference-event.ts";
import type { Clock } from "../../kernel/clock.ts";
import type { HttpPorts } from "../http/ports.ts";
import { readCloudEvents } from "./cloud-event.ts";
import { inferenceEventOf } from "./kserve.ts";

export interface CloudEventsPorts extends Pick<HttpPorts, "admit"> {
  clock: Clock;
  /** Gives whether the event is new. */
  take(event: InferenceEvent): Promise<boolean>;
}

/** Bytes of one request. */
const mostBytes = 4 << 20;

/** `POST /cloudevents`: what models that run elsewhere are asked and answer, as KServe's logger sends it. Needs the role scorer. */
export function addCloudEventsDoor(app: FastifyInstance, { admit, clock, take }: CloudEventsPorts): void {
  void app.register(async (scope) => {
    scope.removeAllContentTypeParsers();
    scope.addContentTypeParser("*", { parseAs: "buffer" }, (_request, body, done) => done(null, body));
    scope.post("/cloudevents", async (request) => {
      await admit(bearerOf(request.headers.authorization), { id: "cloudevents", role: "scorer" });
      const body = Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0);
      if (body.length > mostBytes) throw new ModelyardError("body-too-large", { limit: mostBytes });
      // all are read before one is taken, so that a mistake in the last one leaves nothing half done
      const events = readCloudEvents(request.headers, body).map((event) =>
        inferenceEventOf(event, request.query, clock.now()),
      );
      const answer = { taken: 0, known: 0 };
      for (const event of events) answer[(await take(event)) ? "taken" : "known"] += 1;
      return answer;
    });
  });
}

/** Senders that can only be told an address put the token into it, as its password or its user, and send it as Basic authorization. */
function bearerOf(authorization: string | undefined): string | undefined {
  const encoded = /^Basic (.+)$/i.exec(authorization ?? "")?.[1];
  if (encoded === undefined) return authorization;
  const [user = "", password = ""] = Buffer.from(encoded, "base64").toString("utf8").split(":");
  return `Bearer ${password || user}`;
}
