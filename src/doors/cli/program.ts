import { Command, type CommanderError } from "commander";
import type { Step } from "../../contract/operation.ts";
import { operationEntries } from "../../contract/operations.ts";
import { doctorCommand } from "./commands/doctor.ts";
import { downCommand } from "./commands/down.ts";
import { exportCommand } from "./commands/export-model.ts";
import { importCommand } from "./commands/import-model.ts";
import { openCommand } from "./commands/open.ts";
import { serverCommands } from "./commands/server.ts";
import { statusCommand } from "./commands/status.ts";
import { upCommand } from "./commands/up.ts";
import { type Defined, operationCommand } from "./operation-command.ts";
import type { Given } from "./preparation.ts";
import type { Tools } from "./tools.ts";

const groupTitles: Record<Step | "all" | "local", string> = {
  all: "All steps at once:",
  register: "1 Register:",
  use: "2 Use:",
  monitor: "3 Monitor:",
  update: "4 Update:",
  access: "Access:",
  events: "Events:",
  local: "This machine:",
};

/** What a noun is about, for the help of the program. */
const nounTexts: Record<string, string> = {
  model: "Models and their versions",
  registry: "All that is stored",
  image: "Immutable images that services run",
  service: "Web services: deploy, look, send, update, roll back",
  record: "Recorded requests and answers",
  profile: "What columns of requests and answers held",
  baseline: "What a service is compared with",
  drift: "How far requests and answers are from the baseline",
  collection: "Tables that entry scripts collect",
  usage: "Requests, errors and latency",
  label: "What was true of recorded requests",
  monitor: "What is known of a service",
  alert: "Conditions on services, and what fires",
  quality: "How good predictions were, or are likely to be",
  dataset: "Recorded data to train on",
  events: "What happened, in order",
  webhook: "Where events are sent to",
  token: "Tokens and their roles",
  session: "Who asks, and how a browser signs in",
  server: "The local server",
};

/** Commands that are more than one operation, beside those of the contract under their noun. */
const flowCommands: Record<string, () => Defined[]> = {
  model: () => [importCommand(), exportCommand()],
};

/** Operations that are parts of other commands. */
const hiddenNouns = new Set(["blob"]);

/** The exit code of the command that ran. */
export interface Outcome {
  exitCode: number;
}

/** All commands: those of the contract under their nouns, and those about this machine. */
export function makeProgram(tools: Tools, outcome: Outcome): Command {
  const program = new Command("modelyard")
    .description("Register a model, put it to use, monitor it, update it.")
    .version(tools.system.version, "-V, --version", "Print the version")
    .helpOption("-h, --help", "Show help")
    .helpCommand(false)
    .enablePositionalOptions(); // --version behind a command is the flag of that command
  // the nouns appear in the order of the steps, whatever the order of the contract
  add(program, upCommand(), groupTitles.all);
  const nouns = new Map<string, Command>();
  for (const step of ["register", "use", "monitor", "update", "events", "access"] as const) {
    for (const [name, operation] of operationEntries) {
      const { noun } = operation.cli;
      if (operation.step !== step || hiddenNouns.has(noun)) continue;
      const parent = nouns.get(noun) ?? nounCommand(program, noun, groupTitles[step]);
      nouns.set(noun, parent);
      add(parent, operationCommand(name, operation), groupTitles[step]);
    }
  }
  for (const [noun, defined] of Object.entries(flowCommands))
    for (const one of defined()) add(nouns.get(noun) ?? program, one, groupTitles.register);
  const server = nounCommand(program, "server", groupTitles.local);
  for (const defined of serverCommands()) add(server, defined, "Commands:");
  for (const defined of [openCommand(), statusCommand(), downCommand(), doctorCommand()])
    add(program, defined, groupTitles.local);
  return program;

  function add(parent: Command, { command, run }: Defined, group: string): void {
    command.option("--json", "Print JSON, for programs");
    command.helpGroup(group).action(async (...parameters: unknown[]) => {
      const self = parameters.at(-1) as Command;
      const given: Given = { ...self.opts() };
      self.registeredArguments.forEach((argument, index) => {
        if (parameters[index] !== undefined) given[argument.name()] = parameters[index];
      });
      outcome.exitCode = await run(given, tools);
    });
    parent.addCommand(inherit(command));
  }

  function nounCommand(parent: Command, noun: string, group: string): Command {
    const command = new Command(noun)
      .description(nounTexts[noun] ?? noun)
      .helpGroup(group)
      .helpCommand(false);
    parent.addCommand(inherit(command));
    return command;
  }

  function inherit(command: Command): Command {
    return command.copyInheritedSettings(root());
  }

  /** Errors are thrown, and text goes to the given streams. */
  function root(): Command {
    return program
      .exitOverride((error: CommanderError) => {
        throw error;
      })
      .configureOutput({
        writeOut: (text) => tools.terminal.stdout.write(text),
        writeErr: (text) => tools.terminal.stderr.write(text),
        outputError: () => {}, // told once, with its fix, by print-error.ts
        getOutHelpWidth: () => tools.terminal.stdout.columns ?? 100,
      });
  }
}
