import type { Handlers, OperationName } from "../../../contract/operations.ts";

/** An answer for people: data for stdout, talk for stderr (the next step, or how to fill an empty list). */
export interface Presentation {
  data?: string;
  talk?: string;
  /** When the command did its work and yet the outcome is a failure, as with an answer of status 500. */
  exitCode?: number;
}

export interface PresentContext {
  /** Epoch ms, for relative times. */
  now: number;
  input: Record<string, unknown>;
}

export type Presenter<Name extends OperationName> = (
  output: Awaited<ReturnType<Handlers[Name]>>,
  context: PresentContext,
) => Presentation;
