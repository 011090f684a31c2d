import { ModelyardError } from "../contract/errors.ts";
import type { Handler } from "../contract/operations.ts";
import type { RegisterPorts } from "./ports.ts";

/** With an offset what arrived stays when the connection breaks, and the next request goes on; without one it is all or nothing. */
export const uploadBlob =
  ({ blobs }: Pick<RegisterPorts, "blobs">): Handler<"uploadBlob"> =>
  async ({ digest, size, offset }, { actor, body }) => {
    if (size === undefined && offset === undefined) return blobs.put(body, digest);
    if (digest === undefined || size === undefined || offset === undefined)
      throw new ModelyardError("invalid-input", { problems: "offset, size and digest go together" });
    if (offset > size)
      throw new ModelyardError("invalid-input", { problems: `offset ${offset} is behind the end of ${size} bytes` });
    return blobs.partials.append({ owner: actor.id, digest }, { offset, size }, body);
  };
