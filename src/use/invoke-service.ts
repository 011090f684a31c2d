import { ModelyardError } from "../contract/errors.ts";
import type { Handler } from "../contract/operations.ts";
import { mustFindService } from "./describe-service.ts";
import { mustFindImage } from "./get-image.ts";
import type { UsePorts } from "./ports.ts";

export const invokeService =
  ({ db, targets }: Pick<UsePorts, "db" | "targets">): Handler<"invokeService"> =>
  async ({ name, body, language }) => {
    const service = await mustFindService(db, name);
    if (service.wanted === "stopped") throw new ModelyardError("service-stopped", { service: name });
    const sample = body ?? (await mustFindImage(db, service.image)).manifest.sample;
    if (sample === null)
      throw new ModelyardError("invalid-input", { problems: "body: the image has no sample, so give a request body" });
    if (body === undefined && language !== "azure")
      throw new ModelyardError("invalid-input", {
        problems: `body: the sample of the image is written as azure; give a body that is written as ${language}`,
      });
    const target = targets[service.settings.target];
    if (target === undefined)
      throw new ModelyardError("host-unreachable", { reason: `no target ${service.settings.target}` });
    const { status, requestId, durationMs, body: answer } = await target.score(name, null, sample, language);
    return { status, requestId, durationMs, answer };
  };
