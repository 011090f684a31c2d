import { ModelyardError } from "../contract/errors.ts";
import type { Context, Handler, ParsedInputOf } from "../contract/operations.ts";
import { settingsSchema } from "../contract/settings.ts";
import { upstreamText } from "../contract/upstream.ts";
import { imageSource } from "../contract/use.ts";
import { audited } from "./audit.ts";
import { buildImage } from "./build-image.ts";
import { mustFindDeployable } from "./deployable.ts";
import { describeNow } from "./describe-service.ts";
import { mustFindImage, standingImage } from "./get-image.ts";
import type { StoredImage } from "./image/rows.ts";
import type { UsePorts } from "./ports.ts";
import { checkRecordRules } from "./record-rules.ts";
import { newServiceKey } from "./regenerate-service-key.ts";
import { rollOut } from "./roll-out.ts";
import { deleteServiceRow, findService, insertService } from "./rows.ts";

export const deployService =
  (ports: UsePorts): Handler<"deployService"> =>
  (input, context) =>
    ports.locks.hold(input.name, `deploy by ${context.actor.name}`, async () => {
      const { name, reason = null } = input;
      if ((await findService(ports.db, name)) !== undefined)
        throw new ModelyardError("service-exists", { service: name });
      const chosen = await chooseImage(ports, input, context);
      await checkRecordRules(ports.db, chosen, settingsSchema.parse(input));
      const { digest: image, input: made } = chosen;
      const { models, upstream } = made;
      const differences = [
        ...(models.length === 0 ? [] : [{ what: "models", from: null, to: models.join(", ") }]),
        ...(upstream === undefined ? [] : [{ what: "upstream", from: null, to: upstreamText(upstream) }]),
      ];
      return audited(ports, name, { action: "deploy", by: context.actor.name, reason, differences }, async () => {
        const revision = await firstRevision(ports, input, image, context);
        return { revision, result: await describeNow(ports, name) };
      });
    });

/** The image of a deployment: the one that is named, or one built of the parts that are given. */
async function chooseImage(
  ports: UsePorts,
  input: ParsedInputOf<"deployService">,
  context: Context,
): Promise<StoredImage> {
  const { image, models, script, requirements, conda, python, sample, accelerate, upstream } = input;
  refuseImageAndModels(input);
  if (image !== undefined) return standingImage(ports, (await mustFindDeployable(ports.db, image)).digest);
  if (models === undefined && upstream === undefined)
    throw new ModelyardError("invalid-input", {
      problems: "models: give --model REF, --image DIGEST, or a server with --upstream URL",
    });
  const parts = { models: models ?? [], script, requirements, conda, python, sample, accelerate, upstream };
  const built = await buildImage(ports)(parts, context);
  return mustFindImage(ports.db, built.digest);
}

/** An image is whole: parts beside it would be ignored. */
export function refuseImageAndModels(input: Pick<ParsedInputOf<"deployService">, keyof typeof imageSource>): void {
  const { image, ...parts } = input;
  const given = (Object.keys(imageSource) as (keyof typeof parts)[]).filter((part) => parts[part] !== undefined);
  if (image !== undefined && given.length > 0)
    throw new ModelyardError("invalid-input", { problems: `image: cannot be given together with ${given.join(", ")}` });
}

/** Makes the service and rolls out its first revision; when that fails there is no service. */
async function firstRevision(
  ports: UsePorts,
  input: ParsedInputOf<"deployService">,
  image: string,
  context: Context,
): Promise<number> {
  const { db, clock } = ports;
  const settings = settingsSchema.parse(input);
  const now = clock.now();
  const keys = { primary: newServiceKey(), secondary: newServiceKey() };
  const { name } = input;
  const service = { name, revision: 0, image, settings, keys, createdAt: now, updatedAt: now };
  await db.transaction(async (tx) => {
    await mustFindImage(tx, image); // it may have been deleted meanwhile
    await insertService(tx, { ...service, wanted: "running" });
  });
  try {
    return await rollOut(ports, {
      service: input.name,
      image,
      settings,
      by: context.actor.name,
      event: "modelyard.service.deployed",
      reason: input.reason ?? null,
      progress: context.progress,
    });
  } catch (error) {
    await db.transaction((tx) => deleteServiceRow(tx, input.name));
    throw error;
  }
}
