import { execFileSync } from "node:child_process";

/** Tests of processes run what users run: the built files. */
export default function setup(): void {
  execFileSync("node", ["scripts/build.mjs"], { stdio: "inherit" });
}
