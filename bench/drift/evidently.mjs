// The real Evidently with its defaults, on seeded samples that it draws.
import { spawn } from "node:child_process";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { root } from "../home.mjs";
import { madeEnvironment } from "../made-environment.mjs";

/** It does not start with pandas 3. */
const requirements = ["evidently==0.7.23", "pandas==2.3.3", "numpy==2.4.6", "scipy==1.17.1"];

/** Trials of a task as Evidently answers them, one by one: `baseline`, `current`, `evidently` by column. */
export async function* askEvidently(task, say) {
  const python = join(await madeEnvironment("evidently-0.7.23", requirements, say), "python");
  const program = join(root, "bench", "drift", "ask_evidently.py");
  const env = { ...process.env, DO_NOT_TRACK: "1", PYTHONDONTWRITEBYTECODE: "1" };
  const child = spawn(python, [program, JSON.stringify(task)], { env, stdio: ["ignore", "pipe", "inherit"] });
  let seen = 0;
  for await (const line of createInterface({ input: child.stdout, crlfDelay: Number.POSITIVE_INFINITY })) {
    seen += 1;
    yield JSON.parse(line);
  }
  if (seen !== task.trials) throw new Error(`Evidently answered ${seen} of ${task.trials} trials`);
}
