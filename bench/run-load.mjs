// Runs load.mjs, which is a process of its own.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { root } from "./home.mjs";

/** One load as load.mjs takes it; gives what load.mjs measured. */
export async function runLoad(load) {
  const child = spawn(process.execPath, [join(root, "bench", "load.mjs")], { stdio: ["pipe", "pipe", "inherit"] });
  child.stdin.end(JSON.stringify(load));
  let output = "";
  child.stdout.setEncoding("utf8").on("data", (chunk) => {
    output += chunk;
  });
  const [code] = await once(child, "close");
  if (code !== 0) throw new Error(`the load client ended with ${code}`);
  return JSON.parse(output);
}
