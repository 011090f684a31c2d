import { type ChildProcess, spawn } from "node:child_process";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";

/** Runs Python snippets in processes that have MLflow imported; see run_snippets.py. */
export interface Snippets {
  /** All that one prints; fails with it when the snippet does. */
  run(code: string, env: Record<string, string>): Promise<string>;
  end(): Promise<void>;
}

export async function startSnippets(program: string, env: NodeJS.ProcessEnv): Promise<Snippets> {
  const folder = await mkdtemp(join(tmpdir(), "mlflow-snippets-"));
  const child = spawn(program, [join(import.meta.dirname, "run_snippets.py")], {
    env,
    stdio: ["pipe", "pipe", "inherit"],
  });
  const ended = new Promise((resolve) => child.once("close", resolve));
  const exitOf = exits(child);
  let count = 0;
  return {
    async run(code, env) {
      const id = ++count;
      const output = join(folder, `${id}.txt`);
      const exit = exitOf(id);
      child.stdin?.write(`${JSON.stringify({ id, code, env, output })}\n`);
      const exitCode = await exit;
      const printed = await readFile(output, "utf8");
      if (exitCode !== 0) throw new Error(`Python ended with ${exitCode}:\n${printed}`);
      return printed;
    },
    async end() {
      child.stdin?.end();
      await ended;
      await rm(folder, { recursive: true });
    },
  };
}

/** The exit codes by the ids of snippets, as they come. */
function exits(child: ChildProcess): (id: number) => Promise<number> {
  const waiting = new Map<number, { resolve: (exit: number) => void; reject: (error: Error) => void }>();
  if (child.stdout !== null)
    createInterface({ input: child.stdout }).on("line", (line) => {
      const { id, exit } = JSON.parse(line) as { id: number; exit: number };
      waiting.get(id)?.resolve(exit);
      waiting.delete(id);
    });
  child.once("close", (exit) => {
    for (const { reject } of waiting.values()) reject(new Error(`the Python of the snippets ended with ${exit}`));
  });
  return (id) => new Promise((resolve, reject) => waiting.set(id, { resolve, reject }));
}
