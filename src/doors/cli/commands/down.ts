import { Command } from "commander";
import { stopHost } from "../local/scoring-host.ts";
import { stopServer } from "../local/server.ts";
import type { Defined } from "../operation-command.ts";
import { print, printJson, talk } from "../tools.ts";

/** `down`: ends the server, then the host with its workers, also when the server is dead already. */
export function downCommand(): Defined {
  return {
    command: new Command("down").description("Stop everything that was started here: server, scoring host, workers"),
    run: async (_, tools) => {
      const { home } = tools.settings;
      const server = await stopServer(home);
      const scoring = await stopHost(home);
      if (tools.json) printJson(tools, { stopped: { server, scoring } });
      else {
        const ended = [server ? "server" : "", scoring ? "scoring host" : ""].filter((part) => part !== "");
        print(tools, ended.length === 0 ? "Nothing was running" : `Stopped: ${ended.join(", ")}`);
        if (ended.length > 0) talk(tools, "Models, services and records are kept. Next: modelyard up");
      }
      return 0;
    },
  };
}
