import type { Client } from "../client/client.ts";
import type { Model, ModelVersion } from "../contract/model.ts";

/** A model as a whole, or undefined when there is none of this name. */
export async function findModelByName(client: Client, name: string, signal?: AbortSignal): Promise<Model | undefined> {
  const filter = `name = '${name.replaceAll("'", "''")}'`;
  return (await client.listModelNames({ filter, pageSize: 1 }, { signal })).items[0];
}

/** All versions of a model, lowest first, archived ones too; none for a model that is not there. */
export async function versionsOf(client: Client, name: string, signal?: AbortSignal): Promise<ModelVersion[]> {
  const versions: ModelVersion[] = [];
  let pageToken: string | undefined;
  do {
    const input = { name, archived: "show", orderBy: "version ASC", pageSize: 1000, pageToken } as const;
    const page = await client.listModels(input, { signal });
    versions.push(...page.items);
    pageToken = page.nextPageToken ?? undefined;
  } while (pageToken !== undefined);
  return versions;
}
