import type { Preparation } from "../preparation.ts";
import { aboutVersion, resolveReference } from "./model-reference.ts";

export const archiveVersion: Preparation<"archiveVersion"> = {
  ...aboutVersion,
  input: (given, { client }) => resolveReference(client, given),
};
