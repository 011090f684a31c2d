import type { Handler } from "../contract/operations.ts";
import type { RegisterPorts } from "./ports.ts";

export const uploadBlob =
  ({ blobs }: Pick<RegisterPorts, "blobs">): Handler<"uploadBlob"> =>
  ({ digest }, { body }) =>
    blobs.put(body, digest);
