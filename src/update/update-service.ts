import { ModelyardError } from "../contract/errors.ts";
import type { Context, Handler, ParsedInputOf } from "../contract/operations.ts";
import type { Difference } from "../contract/update.ts";
import { type Settings, settingsSchema } from "../contract/use.ts";
import { audited } from "../use/audit.ts";
import { chooseImage } from "../use/deploy-service.ts";
import { describeNow, mustFindService, withoutReplicas } from "../use/describe-service.ts";
import { mustFindImage } from "../use/get-image.ts";
import type { StoredImage } from "../use/image/rows.ts";
import type { UsePorts } from "../use/ports.ts";
import { rollOut } from "../use/roll-out.ts";
import type { StoredService } from "../use/rows.ts";
import { differencesOf } from "./differences.ts";

export const updateService =
  (ports: UsePorts): Handler<"updateService"> =>
  (input, context) =>
    ports.locks.hold(input.name, `update by ${context.actor.name}`, async () => {
      const service = await mustFindRunning(ports, input.name);
      const settings = mergedSettings(service.settings, input);
      const image = await wantedImage(ports, service, input, context);
      const differences = differencesOf(
        { image: await mustFindImage(ports.db, service.image), settings: service.settings },
        { image, settings },
      );
      if (differences.length === 0 || input.dryRun) return result(ports, input.name, false, differences);
      const { reason = null } = input;
      return moveTo(ports, { service, image: image.digest, settings, differences, action: "update", reason }, context);
    });

async function mustFindRunning(ports: UsePorts, name: string): Promise<StoredService> {
  const service = await mustFindService(ports.db, name);
  if (service.wanted === "stopped") throw new ModelyardError("service-stopped", { service: name });
  return service;
}

function mergedSettings(settings: Settings, input: ParsedInputOf<"updateService">): Settings {
  const given = Object.fromEntries(
    Object.keys(settingsSchema.shape).flatMap((key) => {
      const value = input[key as keyof Settings];
      return value === undefined ? [] : [[key, value]];
    }),
  );
  return { ...settings, ...given };
}

/**
 * The image an update asks for. Parts that are not given (script, packages, Python, sample) stay as they are in the image that serves,
 * so that `--model` alone changes the model alone.
 */
async function wantedImage(
  ports: UsePorts,
  service: StoredService,
  input: ParsedInputOf<"updateService">,
  context: Context,
): Promise<StoredImage> {
  const parts = ["models", "script", "requirements", "conda", "python", "sample"] as const;
  if (input.image === undefined && parts.every((part) => input[part] === undefined))
    return mustFindImage(ports.db, service.image);
  if (input.image !== undefined) return chooseImage(ports, input, context);
  const { input: before } = await mustFindImage(ports.db, service.image);
  const packages =
    input.requirements !== undefined || input.conda !== undefined
      ? { requirements: input.requirements, conda: input.conda }
      : { requirements: before.requirements, conda: before.conda };
  return chooseImage(
    ports,
    {
      models: input.models ?? before.models,
      script: input.script ?? before.script,
      ...packages,
      python: input.python ?? before.python,
      sample: input.sample ?? before.sample,
    },
    context,
  );
}

interface Move {
  service: StoredService;
  image: string;
  settings: Settings;
  differences: Difference[];
  action: "update" | "roll-back";
  reason: string | null;
}

/** Rolls a service over to an image and settings, written down in its history. */
export async function moveTo(
  ports: UsePorts,
  { service, image, settings, differences, action, reason }: Move,
  context: Context,
) {
  const { name } = service;
  const by = context.actor.name;
  return audited(ports, name, { action, by, reason, differences }, async () => {
    const revision = await rollOut(ports, { service: name, image, settings, by, progress: context.progress });
    return { revision, result: await result(ports, name, true, differences) };
  });
}

async function result(ports: UsePorts, name: string, changed: boolean, differences: Difference[]) {
  return { changed, differences, service: withoutReplicas(await describeNow(ports, name)) };
}
