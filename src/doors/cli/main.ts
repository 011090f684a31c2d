import { printError } from "./print-error.ts";
import { makeProgram, type Outcome } from "./program.ts";
import type { Settings } from "./settings.ts";
import type { System, Terminal, Tools } from "./tools.ts";

/** Runs one command line (without the program's name); gives the exit code. Never throws. */
export async function runCli(
  args: readonly string[],
  parts: { terminal: Terminal; settings: Settings; system: System },
): Promise<number> {
  const tools: Tools = { ...parts, json: args.includes("--json") };
  const outcome: Outcome = { exitCode: 0 };
  try {
    await makeProgram(tools, outcome).parseAsync([...args], { from: "user" });
    return outcome.exitCode;
  } catch (error) {
    return printError(error, tools);
  }
}
