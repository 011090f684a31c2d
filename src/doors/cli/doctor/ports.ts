import { createServer } from "node:net";
import { runningHost } from "../local/scoring-host.ts";
import { runningServer } from "../local/server.ts";
import { type Check, good, missing } from "./check.ts";

/** The three ports are free, or held by our own processes. */
export const ports: Check = {
  name: "ports",
  check: async ({ settings }) => {
    const host = await runningHost(settings.home);
    const ours = [(await runningServer(settings.home))?.url, host?.scoringUrl, host && `tcp://${host.grpc}`]
      .filter((url) => url !== undefined)
      .map((url) => Number(new URL(url).port));
    const taken: string[] = [];
    for (const [variable, port] of [
      ["MODELYARD_PORT", settings.port],
      ["MODELYARD_SCORING_PORT", settings.scoringPort],
      ["MODELYARD_GRPC_PORT", settings.grpcPort],
    ] as const) {
      if (!ours.includes(port) && !(await isFree(port))) taken.push(`${variable} ${port}`);
    }
    const all = `${settings.port}, ${settings.scoringPort} and ${settings.grpcPort}`;
    if (taken.length === 0) return good(`${all} are free or ours`);
    return missing(
      `taken: ${taken.join(", ")}`,
      "Stop what holds it, or set the variable to another port (0 is any free one).",
    );
  },
};

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once("error", () => resolve(false));
    try {
      server.listen(port, "127.0.0.1", () => server.close(() => resolve(true)));
    } catch {
      resolve(false); // no port number at all
    }
  });
}
