import type { Client } from "../../client/client.ts";
import type { TransferOptions } from "../../client/patience.ts";
import type { PublicError } from "../../contract/errors.ts";
import type { Origin, Stage } from "../../contract/model.ts";
import type { InputOf } from "../../contract/operations.ts";

/** A version as it stands elsewhere, on its way here. */
export interface Incoming {
  origin: Origin;
  /** Digest of its files, where it is known before they are fetched. */
  digest?: string | undefined;
  /** What it is registered with, once its files are uploaded; `notes` are told to the person. */
  prepare(): Promise<{ input: Omit<InputOf<"registerModel">, "name">; notes?: string[] }>;
  aliases: readonly string[];
  stage: Stage;
  archived: boolean;
}

/** A model as it stands elsewhere. */
export interface IncomingModel {
  name: string;
  description: string | null;
  tags: Record<string, string>;
  /** In the order they are registered. */
  versions: readonly Incoming[];
}

export interface ImportPorts {
  client: Client;
  /** Told what goes on, as it goes on. */
  tell(message: string): void;
  uploads: TransferOptions;
}

export interface ImportOptions {
  /** Name of the model here, in place of its own. */
  name?: string | undefined;
  /** Move aliases that mean another version here. */
  moveAliases: boolean;
  allowUnsafe: boolean;
}

/** What an import did. References are those of here; `origin` is what the version was called where it comes from. */
export interface ImportResult {
  imported: { reference: string; origin: string | null; external: boolean }[];
  /** Versions that were here already. */
  standing: { reference: string; origin: string | null }[];
  failed: { origin: string; error: PublicError }[];
  /** What a person should know: aliases that were not set, tags that were cut. */
  notes: string[];
}

export const emptyResult = (): ImportResult => ({ imported: [], standing: [], failed: [], notes: [] });
