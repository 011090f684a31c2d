import { Command } from "commander";
import { exitCodes } from "../../../contract/exit-codes.ts";
import type { Defined } from "../operation-command.ts";
import { print, printJson } from "../tools.ts";

/** `doctor`: what this machine lacks and how to get it. Exit code 2 when something is missing. */
export function doctorCommand(): Defined {
  return {
    command: new Command("doctor").description("Show what this machine lacks and how to get it"),
    run: async (_, tools) => {
      const { checks } = await import("../doctor/index.ts");
      const results = [];
      for (const { name, check } of checks) results.push({ name, ...(await check(tools)) });
      const ok = results.every((result) => result.ok);
      if (tools.json) printJson(tools, { ok, checks: results });
      else {
        for (const result of results) {
          print(tools, `${result.ok ? "ok     " : "MISSING"}  ${result.name.padEnd(8)}  ${result.found}`);
          if (!result.ok) print(tools, `         fix: ${result.fix}`);
        }
      }
      return ok ? exitCodes.done : exitCodes.mistake;
    },
  };
}
