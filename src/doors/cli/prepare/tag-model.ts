import type { InputOf } from "../../../contract/operations.ts";
import type { Preparation } from "../preparation.ts";
import { aboutVersion, resolveReference } from "./model-reference.ts";

export const tagModel: Preparation<"tagModel"> = {
  ...aboutVersion,
  input: async ({ model, ...changes }, { client }): Promise<InputOf<"tagModel">> => ({
    ...changes,
    ...(await resolveReference(client, { model })),
  }),
};
