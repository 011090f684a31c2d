import { appendFile } from "node:fs/promises";
import { dirname } from "node:path";
import { CommanderError } from "commander";
import { ModelyardError } from "../../contract/errors.ts";
import { exitCodeOf, exitCodes } from "../../contract/exit-codes.ts";
import { asModelyardError } from "../../contract/known-error.ts";
import type { RemoteError } from "../../contract/remote-error.ts";
import { makeFolder } from "../../kernel/make-folder.ts";
import { fileRefusal } from "./file-refusal.ts";
import { runningServer } from "./local/server.ts";
import { homePaths } from "./settings.ts";
import { type Tools, talk } from "./tools.ts";

/** Tells an error as what, how to fix it and where to read more; gives the exit code. A bug's stack goes to a file only. */
export async function printError(error: unknown, tools: Tools): Promise<number> {
  if (tools.terminal.stderr.isTTY) tools.terminal.stderr.write("\r\u001b[K"); // a line of progress may stand there
  if (tools.system.signal.aborted) return exitCodes.interrupted;
  if (error instanceof CommanderError) {
    if (error.exitCode === 0) return exitCodes.done; // help or version was shown
    if (error.code === "commander.help") return exitCodes.mistake;
  }
  const known = asModelyardError(translate(error));
  const isOwnBug = known.code === "internal" && known.cause !== undefined;
  const log = isOwnBug ? await keepStack(known.cause, tools) : undefined;
  const fix = log === undefined ? known.fix : `Report it with the text of ${log}.`;
  const { requestId } = known as RemoteError;
  if (tools.json) {
    talk(tools, JSON.stringify({ error: { ...known.toPublic(requestId), fix } }));
    return exitCodeOf(known);
  }
  talk(tools, `Error: ${known.message}`);
  talk(tools, `Fix:   ${fix}`);
  talk(tools, `Docs:  ${await docsOf(known, tools)}`);
  if (requestId !== undefined) talk(tools, `Request id: ${requestId}`);
  return exitCodeOf(known);
}

/** Mistakes at the command line and refusals of the file system are the user's to solve, not bugs. */
function translate(error: unknown): unknown {
  if (error instanceof CommanderError) {
    const problems = error.message.replace(/^error: /, "").replace(/\n/g, " ");
    return new ModelyardError("invalid-input", { problems });
  }
  return fileRefusal(error) ?? error;
}

async function keepStack(cause: unknown, { settings, system }: Tools): Promise<string> {
  const { cliLog } = homePaths(settings.home);
  const stack = cause instanceof Error ? (cause.stack ?? cause.message) : String(cause);
  try {
    await makeFolder(dirname(cliLog));
    await appendFile(cliLog, `${new Date(system.clock.now()).toISOString()} ${stack}\n`, { mode: 0o600 });
    return cliLog;
  } catch {
    return `this message: ${stack.split("\n")[0]}`; // the home cannot be written to
  }
}

async function docsOf(error: ModelyardError, { settings }: Tools): Promise<string> {
  // a home that cannot be read may be the very error that is told
  const url = settings.url ?? (await runningServer(settings.home).catch(() => undefined))?.url;
  return url === undefined ? `docs/errors/${error.code}.md` : `${url}/docs/errors/${error.code}`;
}
