import { ModelyardError } from "../contract/errors.ts";

/** Bytes the rows of one request may have: what a frame of a worker carries (host/engines/worker-frames.ts), less room for its head. */
const mostBytes = (1 << 30) - (1 << 20);

/** Error: body-too-large, for what no frame can carry. */
export function checkSize(bytes: number): void {
  if (bytes > mostBytes) throw new ModelyardError("body-too-large", { limit: mostBytes });
}
