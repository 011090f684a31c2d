import { ModelyardError } from "../contract/errors.ts";
import type { Handler } from "../contract/operations.ts";
import type { RegisterPorts } from "./ports.ts";

export const findBlob =
  ({ blobs }: Pick<RegisterPorts, "blobs">): Handler<"findBlob"> =>
  async ({ digest }) => {
    const found = await blobs.find(digest);
    if (found === undefined) throw new ModelyardError("blob-not-found", { digest });
    return found;
  };
