import { execFileSync } from "node:child_process";
import { standingEnvironments } from "./standing-environments.ts";

/** Tests of processes run what users run: the built files. */
export default async function setup(): Promise<void> {
  execFileSync("node", ["scripts/build.mjs"], { stdio: "inherit" });
  await standingEnvironments();
}
