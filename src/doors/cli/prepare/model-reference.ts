import type { Client } from "../../../client/client.ts";
import { ModelyardError } from "../../../contract/errors.ts";
import { modelReferenceSchema } from "../../../contract/operation.ts";
import { type ModelReference, parseReference } from "../../../contract/reference.ts";
import type { ArgumentText, Given, Preparation } from "../preparation.ts";

/** The one positional of commands about a version. */
export const modelArgument: ArgumentText = {
  name: "model",
  description: "name (its highest version), name:version or name@alias",
};

/** Reads a reference to a version. Throws invalid-input. */
export function readReference(given: Given): ModelReference {
  const parsed = modelReferenceSchema.safeParse(given.model);
  if (parsed.success) return parseReference(parsed.data);
  const problems = `${String(given.model)} ${parsed.error.issues[0]?.message ?? "is no model"}`;
  throw new ModelyardError("invalid-input", { problems });
}

/** The version a reference means now; without a number or an alias the highest. Throws model-not-found, alias-not-found. */
export async function resolveReference(client: Client, given: Given): Promise<{ name: string; version: number }> {
  const { name, version, alias } = readReference(given);
  return { name, version: version ?? (await client.getModel({ name, alias })).version };
}

/** Throws invalid-input for a reference without a version: what is deleted or hidden is not the highest that happens to be there. */
function refuseBareName(given: Given): void {
  const { name, version, alias } = readReference(given);
  if (version === undefined && alias === undefined)
    throw new ModelyardError("invalid-input", { problems: `write the version: ${name}:NUMBER or ${name}@ALIAS` });
}

/** Commands that take a reference and nothing else of it. */
export const aboutVersion = {
  arguments: [modelArgument],
  hidden: ["name", "version"],
  check: (given: Given) => void readReference(given),
} satisfies Preparation<"getModel">;

/** The same for commands that need the version written. */
export const aboutWrittenVersion = {
  ...aboutVersion,
  arguments: [{ name: "model", description: "name:version or name@alias" }],
  check: refuseBareName,
} satisfies Preparation<"getModel">;
