import { Option } from "commander";
import { ModelyardError } from "../../../contract/errors.ts";
import { frontCount } from "../../../kernel/front-count.ts";
import type { Given } from "../preparation.ts";
import type { Tools } from "../tools.ts";
import { runningHost } from "./scoring-host.ts";
import { runningServer } from "./server.ts";

export const frontOption = () =>
  new Option(
    "--fronts <n>",
    "Processes that answer scoring requests, when the scoring host is started here (default: 1)",
  );

/**
 * The tools with what the flag says in place of MODELYARD_FRONTS. Error: invalid-input, also when the host runs already with another number, or
 * the server is elsewhere.
 */
export async function withFronts({ fronts }: Given, tools: Tools): Promise<Tools> {
  if (fronts === undefined) return tools;
  const { system, settings } = tools;
  const count = frontCount(String(fronts), "--fronts");
  if (settings.url !== undefined) throw refused("is for a server on this machine, and MODELYARD_URL names another");
  const running = (await runningHost(settings.home)) ?? (await runningServer(settings.home));
  const before = running?.fronts ?? 1;
  if (running !== undefined && before !== count)
    throw refused(`scoring was started with ${before}; \`modelyard down\` ends it, then it can start with ${count}`);
  return { ...tools, system: { ...system, env: { ...system.env, MODELYARD_FRONTS: String(count) } } };
}

const refused = (problem: string) => new ModelyardError("invalid-input", { problems: `--fronts: ${problem}` });
