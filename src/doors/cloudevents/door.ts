import type { FastifyInstance } from "fastify";
import { ModelyardError } from "../../contract/errors.ts";
import type { InferenceEvent } from "../../contract/inference-event.ts";
import type { Clock } from "../../kernel/clock.ts";
import type { HttpPorts } from "../http/ports.ts";
import { readCloudEvents } from "./cloud-event.ts";
import { inferenceEventOf, readAddress } from "./kserve.ts";
import { refuseAll, takeEach } from "./take-each.ts";

export interface CloudEventsPorts extends Pick<HttpPorts, "admit" | "log"> {
  clock: Clock;
  /** Error: model-not-found, for a `name:version` that is not registered here. */
  mustKnowVersion(reference: string): Promise<void>;
  /** Gives whether the event is new. */
  take(event: InferenceEvent): Promise<boolean>;
  /** Counts events that were refused beside others that were taken: their sender may look at the status alone. */
  countRefused(count: number): Promise<void>;
}

/** Bytes of one request. */
const mostBytes = 4 << 20;

/** `POST /cloudevents`: what models that run elsewhere are asked and answer, as KServe's logger sends it. Needs the role scorer. */
export function addCloudEventsDoor(
  app: FastifyInstance,
  { admit, log, clock, mustKnowVersion, take, countRefused }: CloudEventsPorts,
): void {
  void app.register(async (scope) => {
    scope.removeAllContentTypeParsers();
    scope.addContentTypeParser("*", { parseAs: "buffer" }, (_request, body, done) => done(null, body));
    scope.post("/cloudevents", async (request) => {
      await admit(bearerOf(request.headers.authorization), { id: "cloudevents", role: "scorer" });
      const body = Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0);
      if (body.length > mostBytes) throw new ModelyardError("body-too-large", { limit: mostBytes });
      const address = readAddress(request.query);
      if (address.model !== undefined) await mustKnowVersion(address.model);
      const events = readCloudEvents(request.headers, body);
      const answer = await takeEach(events, (event) => take(inferenceEventOf(event, address, clock.now())));
      const { taken, known, refused } = answer;
      const [first, ...others] = refused;
      if (first === undefined) return answer;
      if (taken + known === 0) throw refuseAll([first, ...others]);
      const { index, error } = first;
      log.warn({ requestId: request.id, refused: refused.length, index, code: error.code }, error.message);
      await countRefused(refused.length);
      return { taken, known, refused: refused.map(({ error, ...one }) => ({ ...one, ...error.toPublic() })) };
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
