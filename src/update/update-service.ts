import { ModelyardError } from "../contract/errors.ts";
import type { Context, Handler, ParsedInputOf } from "../contract/operations.ts";
import { type Settings, settingsSchema } from "../contract/settings.ts";
import type { Difference } from "../contract/update.ts";
import { audited } from "../use/audit.ts";
import { buildImage, pinReference } from "../use/build-image.ts";
import { refuseImageAndModels } from "../use/deploy-service.ts";
import { mustFindDeployable } from "../use/deployable.ts";
import { describeNow, mustFindService, withoutReplicas } from "../use/describe-service.ts";
import { mustFindImage, standingImage } from "../use/get-image.ts";
import type { StoredImage } from "../use/image/rows.ts";
import type { UsePorts } from "../use/ports.ts";
import { checkRecordRules } from "../use/record-rules.ts";
import { rollOut } from "../use/roll-out.ts";
import type { StoredService } from "../use/rows.ts";
import { differencesOf, type Shape } from "./differences.ts";

export const updateService =
  (ports: UsePorts): Handler<"updateService"> =>
  (input, context) =>
    ports.locks.hold(input.name, `update by ${context.actor.name}`, async () => {
      const service = await mustFindRunning(ports, input.name);
      const settings = mergedSettings(service.settings, input);
      const serving = await mustFindImage(ports.db, service.image);
      const from = { input: serving.input, image: serving.digest, settings: service.settings };
      const wanted = await wantedImage(ports, serving, input);
      if (input.dryRun) {
        // of an image that is yet to be built nothing is known
        if (wanted.image !== null)
          await checkRecordRules(ports.db, await mustFindImage(ports.db, wanted.image), settings);
        return result(ports, input.name, false, differencesOf(from, { ...wanted, settings }));
      }
      const next =
        wanted.image === null
          ? await buildImage(ports)(wanted.input, context)
          : await standingImage(ports, wanted.image);
      await checkRecordRules(ports.db, next, settings);
      const { digest: image, input: made } = next;
      const differences = differencesOf(from, { input: made, image, settings });
      if (differences.length === 0) return result(ports, input.name, false, []);
      const { reason = null } = input;
      return moveTo(ports, { service, image, settings, differences, action: "update", reason }, context);
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
 * The image an update asks for: one that stands, or the parts of one to build. Parts that are not given (script, packages, Python,
 * sample) stay as they are in the image that serves, so that `--model` alone changes the model alone.
 */
async function wantedImage(
  { db }: UsePorts,
  serving: StoredImage,
  input: ParsedInputOf<"updateService">,
): Promise<Pick<Shape, "input" | "image">> {
  const { models, script, requirements, conda, python, sample, accelerate, upstream } = input;
  const parts = [models, script, requirements, conda, python, sample, accelerate, upstream];
  if (input.image !== undefined) {
    refuseImageAndModels(input);
    const named = await mustFindImage(db, input.image);
    const { digest, input: made } =
      named.digest === serving.digest ? named : await mustFindDeployable(db, named.digest);
    return { image: digest, input: made };
  }
  const before = serving.input;
  if (parts.every((part) => part === undefined)) return { image: serving.digest, input: before };
  const packages = requirements === undefined && conda === undefined ? before : { requirements, conda };
  const pinned = await Promise.all((models ?? before.models).map((reference) => pinReference(db, reference)));
  const common = { models: pinned, sample: sample ?? before.sample };
  // a server in place of Python, or Python in place of a server: the parts of the other do not stay
  const isPython = [script, requirements, conda, python].some((part) => part !== undefined);
  const server = upstream ?? (isPython ? undefined : before.upstream);
  if (server !== undefined)
    return { image: null, input: { ...common, script, requirements, conda, python, upstream: server } };
  const wanted = {
    ...common,
    script: script ?? before.script,
    requirements: packages.requirements,
    conda: packages.conda,
    python: python ?? before.python,
    accelerate: accelerate ?? before.accelerate,
  };
  return { image: null, input: wanted };
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
    const event = action === "update" ? "modelyard.service.updated" : "modelyard.service.rolled-back";
    const { progress } = context;
    const revision = await rollOut(ports, { service: name, image, settings, by, event, reason, progress });
    return { revision, result: await result(ports, name, true, differences) };
  });
}

/** What a change answers with; `changed` is false for one that was only shown. */
export async function result(ports: UsePorts, name: string, changed: boolean, differences: Difference[]) {
  return { changed, differences, service: withoutReplicas(await describeNow(ports, name)) };
}
