import type { Handler } from "../contract/operations.ts";
import type { RegisterPorts } from "./ports.ts";
import { verifyBlob } from "./verify-blob.ts";

/** A file that is here is read before it is called complete, as by find-blob; a damaged copy is mended by uploading it anew. */
export const getUpload =
  ({ blobs }: Pick<RegisterPorts, "blobs">): Handler<"getUpload"> =>
  async ({ digest }, { actor }) => {
    const received = await blobs.partials.received({ owner: actor.id, digest });
    const { size, problem } = await verifyBlob(blobs, digest);
    if (problem === null) await blobs.renew(digest); // it will be named soon
    return problem === null ? { digest, received: size, complete: true } : { digest, received, complete: false };
  };
