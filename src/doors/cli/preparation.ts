import type { Client } from "../../client/client.ts";
import type { InputOf, OperationName } from "../../contract/operations.ts";
import type { Flag } from "./flags.ts";
import type { Tools } from "./tools.ts";

/** What a command was given: its arguments by name and the values of its flags by member. */
export type Given = Record<string, unknown>;

export interface ArgumentText {
  name: string;
  description: string;
  optional?: boolean;
}

/** How a command differs from what the contract alone gives: other arguments and flags, and how they become the input. */
export interface Preparation<Name extends OperationName> {
  /** In place of the operation's own summary, where the command does more. */
  summary?: string;
  /** In place of the operation's own arguments. */
  arguments?: readonly ArgumentText[];
  /** Members of the input that no flag stands for. */
  hidden?: readonly string[];
  /** Further flags. */
  flags?: readonly Flag[];
  /** Mistakes that need no server are told here, before one is started. */
  check?(given: Given, tools: Tools): void | Promise<void>;
  /** Makes the input; may use the server. */
  input?(given: Given, work: PreparationWork): Promise<InputOf<Name>> | InputOf<Name>;
  /** Does the whole of a command that is more than one call; gives the exit code. */
  run?(given: Given, work: PreparationWork): Promise<number>;
}

export interface PreparationWork {
  client: Client;
  tools: Tools;
}
