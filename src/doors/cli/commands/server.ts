import { Command } from "commander";
import { frontOption, withFronts } from "../local/front-flag.ts";
import { ensureServer, serverEnvironment, stopServer } from "../local/server.ts";
import type { Defined } from "../operation-command.ts";
import { print, printJson, talk } from "../tools.ts";

/** `server start` and `server stop`: the local server alone; the scoring host goes on. */
export function serverCommands(): Defined[] {
  return [
    {
      command: new Command("start")
        .description("Start the local server in the background")
        .addOption(frontOption())
        .option("--foreground", "Stay with it and show its log (for systemd and containers)"),
      run: async (given, before) => {
        const tools = await withFronts(given, before);
        if (given.foreground === true) return tools.system.runServer(serverEnvironment(tools));
        const { url, pid } = await ensureServer(tools);
        if (tools.json) printJson(tools, { server: { url, pid } });
        else {
          print(tools, `Server at ${url} (pid ${pid})`);
          talk(tools, `API page: ${url}/docs\nNext: modelyard up model.pkl, or modelyard open for the web pages`);
        }
        return 0;
      },
    },
    {
      command: new Command("stop").description("Stop the local server; services go on scoring"),
      run: async (_, tools) => {
        const stopped = await stopServer(tools.settings.home);
        if (tools.json) printJson(tools, { stopped });
        else print(tools, stopped ? "Server stopped; services go on scoring" : "No server was running");
        return 0;
      },
    },
  ];
}
