import type { Preparation } from "../preparation.ts";
import { aboutWrittenVersion, resolveReference } from "./model-reference.ts";

export const archiveVersion: Preparation<"archiveVersion"> = {
  ...aboutWrittenVersion,
  input: (given, { client }) => resolveReference(client, given),
};
