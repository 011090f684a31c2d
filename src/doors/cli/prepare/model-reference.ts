import type { Client } from "../../../client/client.ts";
import { ModelyardError } from "../../../contract/errors.ts";
import { modelReferenceSchema } from "../../../contract/operation.ts";
import type { ArgumentText, Given } from "../preparation.ts";

/** The one positional of commands about a version. */
export const modelArgument: ArgumentText = { name: "model", description: "name (its highest version) or name:version" };

/** Reads `name` or `name:version`. Throws invalid-input. */
export function readReference(given: Given): { name: string; version?: number } {
  const parsed = modelReferenceSchema.safeParse(given.model);
  if (!parsed.success) {
    const problems = `${String(given.model)} ${parsed.error.issues[0]?.message ?? "is no model"}`;
    throw new ModelyardError("invalid-input", { problems });
  }
  const [name = "", version] = parsed.data.split(":");
  return version === undefined ? { name } : { name, version: Number(version) };
}

/** The version a reference means; without a number the highest. Throws model-not-found. */
export async function resolveReference(client: Client, given: Given): Promise<{ name: string; version: number }> {
  const { name, version } = readReference(given);
  return { name, version: version ?? (await client.getModel({ name })).version };
}
