/** What the thread of ingest is given when it starts. */
export interface IngestSettings {
  database: string;
  /** The folder of the host. */
  host: string;
  /** The program of the thread that gathers for it. */
  gatherer: string;
  logLevel: string | undefined;
}

/** `turn`: the thread may write to the database now. */
export type ToIngest = { kind: "catch-up"; id: number; unhurried: boolean } | { kind: "turn" };

/** `want`: it asks for its turn to write, and `left`: it has ended. */
export type FromIngest =
  | { kind: "done"; id: number; error?: { message: string; stack: string | undefined; code: unknown } }
  | { kind: "want" }
  | { kind: "left" };
