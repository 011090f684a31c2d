/** A request to a model that runs elsewhere, or its answer. */
export interface InferenceEvent {
  kind: "request" | "response";
  /** The request and its answer have the same. */
  id: string;
  /** Name it is monitored under. */
  service: string;
  /** What sends it, as it names itself. */
  source: string;
  /** `name:version`, when the sender says what it serves. */
  model: string | null;
  /** Epoch ms. */
  at: number;
  contentType: string | null;
  body: Uint8Array;
}
