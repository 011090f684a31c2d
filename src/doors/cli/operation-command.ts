import { Command } from "commander";
import type { z } from "zod";
import type { Client } from "../../client/client.ts";
import { ModelyardError } from "../../contract/errors.ts";
import type { Operation } from "../../contract/operation.ts";
import type { OperationName } from "../../contract/operations.ts";
import { connect } from "./connect.ts";
import { type Flag, flagOf } from "./flags.ts";
import { goesOn, interruptedText } from "./goes-on.ts";
import type { ArgumentText, Given, Preparation } from "./preparation.ts";
import { preparations } from "./prepare/index.ts";
import type { Presentation, PresentContext } from "./present/presenter.ts";
import { print, printJson, type Tools, talk } from "./tools.ts";

/** A command with the parts that turn what was typed into what was meant. */
export interface Defined {
  command: Command;
  run(given: Given, tools: Tools): Promise<number>;
}

/** The command of an operation: arguments and flags from its input, help from its texts. */
export function operationCommand(name: OperationName, operation: Operation): Defined {
  const preparation = preparations[name] as Preparation<OperationName> | undefined;
  const positional = preparation?.arguments ?? argumentsOf(operation);
  const flags = flagsOf(name, operation);
  const command = new Command(operation.cli.verb).description(preparation?.summary ?? operation.summary);
  for (const { name: argument, description, optional } of positional) {
    command.argument(optional ? `[${argument}]` : `<${argument}>`, description);
  }
  for (const { option } of flags) command.addOption(option);
  return {
    command,
    run: (options, tools) => runOperation(name, operation, readFlags(flags, options, positional), tools),
  };
}

/** The flags of an operation's command: those of its own preparation first, then one for every other member. */
export function flagsOf(name: OperationName, operation: Operation): Flag[] {
  const preparation = preparations[name] as Preparation<OperationName> | undefined;
  const taken = [...(preparation?.hidden ?? []), ...(operation.cli.arguments ?? [])];
  const members = Object.entries(operation.input.shape).filter(([member]) => !taken.includes(member));
  const derived = members.map(([member, schema]) => flagOf(member, schema as z.ZodType));
  return [...derived, ...(preparation?.flags ?? [])];
}

/** Values by member, from what commander gathered by flag. Positionals keep their names. */
export function readFlags(flags: readonly Flag[], options: Given, positional: readonly ArgumentText[]): Given {
  const given: Given = {};
  for (const { name } of positional) if (options[name] !== undefined) given[name] = options[name];
  for (const { member, option, read } of flags) {
    const value = options[option.attributeName()];
    if (value !== undefined) given[member] = read(value);
  }
  return given;
}

function argumentsOf(operation: Operation): ArgumentText[] {
  return (operation.cli.arguments ?? []).map((name) => ({
    name,
    description: (operation.input.shape[name] as z.ZodType | undefined)?.description ?? "",
  }));
}

async function runOperation(name: OperationName, operation: Operation, given: Given, tools: Tools): Promise<number> {
  const preparation = preparations[name] as Preparation<OperationName> | undefined;
  checkMembers(operation, given, preparation?.hidden ?? []);
  await preparation?.check?.(given, tools);
  const { client } = await connect(tools);
  if (preparation?.run !== undefined) return preparation.run(given, { client, tools });
  const input = ((await preparation?.input?.(given, { client, tools })) ?? given) as Record<string, unknown>;
  const call = client[name] as (input: unknown, options: Parameters<Client["deployService"]>[1]) => Promise<unknown>;
  const { signal } = tools.system;
  const output = await call(input, { signal, onProgress: progressLines(tools) }).catch((error) => {
    const next = signal.aborted ? goesOn(name, input) : undefined;
    if (next !== undefined) talk(tools, interruptedText(tools, next));
    throw error;
  });
  return present(name, output, input, tools);
}

/** Tells wrong values by the flag they came with, before a server is asked or started. Throws invalid-input. */
export function checkMembers(operation: Operation, given: Given, hidden: readonly string[]): void {
  const problems: string[] = [];
  for (const [member, schema] of Object.entries(operation.input.shape)) {
    if (hidden.includes(member) || given[member] === undefined) continue;
    const parsed = (schema as z.ZodType).safeParse(given[member]);
    const isArgument = operation.cli.arguments?.includes(member);
    const label = isArgument ? member : flagOf(member, schema as z.ZodType).option.long;
    for (const { path, message } of parsed.error?.issues ?? [])
      problems.push(`${label}${placeText(given[member], path[0])}: ${message}`);
  }
  if (problems.length > 0) throw new ModelyardError("invalid-input", { problems });
}

/** Which of several values is meant: the name of a pair, as its value may be a secret, or the item of a list. */
function placeText(value: unknown, place: PropertyKey | undefined): string {
  if (place === undefined) return "";
  return ` ${Array.isArray(value) ? String(value[Number(place)]) : String(place)}`;
}

/** Steps and log lines of long work as talk; nothing when a program reads. */
export function progressLines(tools: Tools): NonNullable<Parameters<Client["deployService"]>[1]>["onProgress"] {
  if (tools.json) return undefined;
  return (event) => (event.event === "step" ? talk(tools, event.message) : talk(tools, `  ${event.line}`, true));
}

async function present(name: OperationName, output: unknown, input: Given, tools: Tools): Promise<number> {
  const { presenters } = await import("./present/index.ts");
  const presenter = (presenters as Partial<Record<OperationName, unknown>>)[name] as
    | ((output: unknown, context: PresentContext) => Presentation)
    | undefined;
  const presentation = presenter?.(output, { now: tools.system.clock.now(), input }) ?? {};
  if (tools.json) printJson(tools, output);
  else {
    if (presentation.data !== undefined) print(tools, presentation.data);
    if (presentation.talk !== undefined) talk(tools, presentation.talk);
  }
  return presentation.exitCode ?? 0;
}
