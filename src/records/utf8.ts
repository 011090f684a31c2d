import { isUtf8 } from "node:buffer";
import { ModelyardError } from "../contract/errors.ts";

/** Throws not-utf8. */
export function requireUtf8(body: Buffer): void {
  if (!isUtf8(body)) throw new ModelyardError("not-utf8");
}
