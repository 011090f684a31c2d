import type { Operation } from "./operation.ts";

/** What a client must know of an operation to ask for it: its entry without schemas, so that a browser need not load them. */
export type WireOperation = Pick<Operation, "id" | "step" | "method" | "path" | "role" | "body" | "answer">;
