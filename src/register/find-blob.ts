import { ModelyardError } from "../contract/errors.ts";
import type { Handler } from "../contract/operations.ts";
import type { RegisterPorts } from "./ports.ts";
import { verifyBlob } from "./verify-blob.ts";

/**
 * Reads the bytes before it says so: a client that is told they are here does not upload them, which would mend a damaged copy. It
 * will name them soon, so they are kept for a day from now.
 */
export const findBlob =
  ({ blobs }: Pick<RegisterPorts, "blobs">): Handler<"findBlob"> =>
  async ({ digest }) => {
    const { size, problem } = await verifyBlob(blobs, digest);
    if (problem !== null) throw new ModelyardError("blob-not-found", { digest });
    await blobs.renew(digest);
    return { digest, size };
  };
