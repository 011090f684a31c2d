import { readImageParts } from "../client/files/image-source.ts";
import { ModelyardError } from "../contract/errors.ts";
import type { Planned } from "./events.ts";
import { type FoundModel, findModel, lackingTexts } from "./register-models.ts";
import { findService, type UpPorts } from "./up.ts";
import type { Wanted } from "./wanted.ts";

/** What `up` would do, without doing it: nothing is uploaded and nothing changes on the server. */
export async function planUp(wanted: Wanted, { client, uploads }: Pick<UpPorts, "client" | "uploads">): Promise<Planned> {
  const models = await Promise.all(wanted.models.map((model) => findModel(client, model, uploads.signal)));
  const service = await findService(client, wanted.service, uploads.signal);
  const isNew = models.some(({ standing }) => standing === undefined);
  const would = models.flatMap(sentencesOf);
  if (service === undefined) would.push(`build or reuse an image and deploy service ${wanted.service}`);
  else {
    if (service.state === "stopped") would.push(`start service ${wanted.service}`);
    would.push(...(isNew ? [`build an image and update service ${wanted.service}`] : await differences(wanted, models)));
  }
  return { event: "planned", service: wanted.service, would };

  async function differences(wanted: Wanted, models: FoundModel[]): Promise<string[]> {
    const { script, texts } = await readImageParts(wanted.parts, uploads.signal);
    const files = script?.files.map(({ path, digest, size }) => ({ path, digest, size }));
    const source = {
      models: models.map(({ standing }) => standing?.reference ?? ""),
      script: script && files && { entry: script.entry, files },
      ...texts,
      python: wanted.python,
    };
    try {
      const result = await client.updateService(
        {
          name: wanted.service,
          ...wanted.settings,
          ...(wanted.image === undefined ? source : { image: wanted.image }),
          dryRun: true,
        },
        { signal: uploads.signal },
      );
      return result.differences.map(({ what, from, to }) => `change ${what} from ${from ?? "none"} to ${to ?? "none"}`);
    } catch (error) {
      if (!(error instanceof ModelyardError)) throw error;
      if (error.code === "service-stopped") return [`bring service ${wanted.service} to what the files say`];
      // the server has never seen these source files: they are new
      if (error.code !== "blob-not-found") throw error;
      return [`build an image of the changed source files and update service ${wanted.service}`];
    }
  }
}

function sentencesOf({ wanted, standing }: FoundModel): string[] {
  if (wanted.path === undefined) return [];
  if (standing === undefined) return [`register ${wanted.path} as the next version of model ${wanted.name}`];
  return lackingTexts(wanted, standing) === undefined ? [] : [`change tags and texts of model ${standing.reference}`];
}
