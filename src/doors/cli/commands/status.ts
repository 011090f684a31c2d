import { Command } from "commander";
import type { Service } from "../../../contract/use.ts";
import { adminToken, connectionTo } from "../connect.ts";
import { runningHost, runningSupervisor } from "../local/scoring-host.ts";
import { runningServer } from "../local/server.ts";
import type { Defined } from "../operation-command.ts";
import { withReasons } from "../present/reason-column.ts";
import { fields, table } from "../present/text.ts";
import { homePaths } from "../settings.ts";
import { print, printJson, type Tools, talk } from "../tools.ts";

/** What runs. `pid` is null for a server elsewhere. */
export interface Status {
  server: { url: string; pid: number | null } | null;
  /** `grpc` is host:port. */
  scoring: { url: string; grpc: string; pid: number } | null;
  tokenFile: string;
  services: Pick<Service, "name" | "state" | "reason" | "revision" | "engine" | "engineReason" | "scoringUri">[];
}

/** `status`: what runs here; it starts nothing. */
export function statusCommand(): Defined {
  return {
    command: new Command("status").description("Show what runs; starts nothing"),
    run: async (_, tools) => {
      const status = await readStatus(tools);
      if (tools.json) printJson(tools, status);
      else printStatus(status, await hostText(status, tools), tools);
      return 0;
    },
  };
}

async function readStatus(tools: Tools): Promise<Status> {
  const { settings } = tools;
  const local = settings.url === undefined ? await runningServer(settings.home) : undefined;
  const url = settings.url ?? local?.url;
  const host = await runningHost(settings.home);
  return {
    server: url === undefined ? null : { url, pid: local?.pid ?? null },
    scoring: host === undefined ? null : { url: host.scoringUrl, grpc: host.grpc, pid: host.pid },
    tokenFile: homePaths(settings.home).adminToken,
    services: url === undefined ? [] : await services(url, tools),
  };
}

async function services(url: string, tools: Tools): Promise<Status["services"]> {
  const token = tools.settings.token ?? (tools.settings.url === undefined ? await adminToken(tools) : undefined);
  const { client } = await connectionTo(tools, url, token);
  const { items } = await client.listServices({ pageSize: 1000 }, { signal: tools.system.signal });
  return items.map(({ name, state, reason, revision, engine, engineReason, scoringUri }) => ({
    ...{ name, state, reason, revision, engine, engineReason, scoringUri },
  }));
}

/** One certificate serves both ports; host:port alone says nothing of it. */
export const grpcText = ({ url, grpc }: { url: string; grpc: string }): string =>
  url.startsWith("https:") ? `${grpc} (TLS)` : grpc;

const placeText = (part: { url: string; pid: number | null } | null): string =>
  part === null ? "not running" : `${part.url}${part.pid === null ? "" : ` (pid ${part.pid})`}`;

/** A host that has a supervisor and no address yet is on its way. */
async function hostText({ scoring }: Status, { settings }: Tools): Promise<string> {
  const isStarting = scoring === null && (await runningSupervisor(settings.home)) !== undefined;
  return isStarting ? "starting" : placeText(scoring);
}

function printStatus({ server, scoring, services, tokenFile }: Status, host: string, tools: Tools): void {
  print(
    tools,
    fields([
      ["server", placeText(server)],
      ["scoring", host],
      ...(scoring === null ? [] : [["gRPC", grpcText(scoring)] as [string, string]]),
      ["token file", tokenFile],
    ]),
  );
  if (services.length > 0) {
    const { head, row } = withReasons(services, {
      head: ["SERVICE", "STATE", "REVISION", "SCORING URL", "ENGINE"],
      row: ({ name, state, revision, engine, engineReason, scoringUri }) => [
        ...[name, state, revision, scoringUri, `${engine}: ${engineReason}`],
      ],
    });
    print(tools, `\n${table(head, services.map(row))}`);
  } else if (server === null) talk(tools, "Start it: modelyard server start");
  else talk(tools, "No services. Make one: modelyard up model.pkl");
  if (server !== null) talk(tools, "Look at it in a browser: modelyard open");
}
