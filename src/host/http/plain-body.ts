import { ModelyardError } from "../../contract/errors.ts";
import { type Deferred, deferred } from "../deferred.ts";
import { ClientLeft } from "./http-request.ts";

/** The body of one request, of a size that was announced, as it comes in. */
export interface PlainBody {
  /** Takes what belongs to the body and gives what lies behind it. */
  push(bytes: Buffer): Buffer;
  isComplete(): boolean;
  /** All of it, when it is there. Errors: body-too-large and what `hold` throws at once, ClientLeft. */
  whole(limit: number, hold?: (bytes: number) => void): Buffer | Promise<Buffer>;
  /** From now on nobody needs it. */
  discard(): void;
  /** It will not be complete. */
  cutOff(): void;
}

export const nothing = Buffer.alloc(0);

export function makePlainBody(size: number): PlainBody {
  const chunks: Buffer[] = [];
  let missing = size;
  let discarded = false;
  let waiting: Deferred<Buffer> | undefined;
  const joined = () => (chunks.length === 1 ? (chunks[0] as Buffer) : Buffer.concat(chunks, size));
  return {
    push: (bytes) => {
      const own = bytes.length <= missing ? bytes : bytes.subarray(0, missing);
      if (own.length > 0 && !discarded) chunks.push(own);
      missing -= own.length;
      if (missing === 0) waiting?.resolve(joined());
      // not an empty view of the chunk: an idle connection would hold all of it
      return own.length === bytes.length ? nothing : bytes.subarray(own.length);
    },
    isComplete: () => missing === 0,
    whole: (limit, hold) => {
      if (size > limit) throw new ModelyardError("body-too-large", { limit });
      hold?.(size);
      if (missing === 0) return joined();
      waiting ??= deferred();
      return waiting.promise;
    },
    discard: () => {
      discarded = true;
      chunks.length = 0;
    },
    cutOff: () => waiting?.reject(new ClientLeft("the client left before its body was read")),
  };
}
