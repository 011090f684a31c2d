import { join, resolve } from "node:path";

/** What the environment says about where things are. */
export interface Settings {
  /** Folder of the local server's data. */
  home: string;
  /** A server elsewhere, and the token for it. */
  url: string | undefined;
  token: string | undefined;
  /** Ports of the local server and of scoring; 0 is any free one. */
  port: number;
  scoringPort: number;
  /** Port of scoring over gRPC. */
  grpcPort: number;
}

/** Reads MODELYARD_HOME, _URL, _TOKEN, _PORT, _SCORING_PORT and _GRPC_PORT. An empty variable counts as not set. */
export function readSettings(env: Record<string, string | undefined>, userHome: string, cwd: string): Settings {
  const said = (name: string) => (env[name] === "" ? undefined : env[name]);
  const scoringPort = Number(said("MODELYARD_SCORING_PORT") ?? 5081);
  return {
    home: resolve(cwd, said("MODELYARD_HOME") ?? join(userHome, ".modelyard")),
    url: said("MODELYARD_URL")?.replace(/\/+$/, ""),
    token: said("MODELYARD_TOKEN"),
    port: Number(said("MODELYARD_PORT") ?? 5080),
    scoringPort,
    grpcPort: Number(said("MODELYARD_GRPC_PORT") ?? (scoringPort === 0 ? 0 : scoringPort + 1)),
  };
}

/** Where the files of a home are. The server and the host write all of them but the locks. */
export function homePaths(home: string) {
  return {
    serverState: join(home, "run", "server.json"),
    serverError: join(home, "run", "server-error.json"),
    openPage: join(home, "run", "open.html"),
    adminToken: join(home, "admin-token"),
    serverLog: join(home, "logs", "server.log"),
    cliLog: join(home, "logs", "cli.log"),
    hostFolder: join(home, "host"),
    hostState: join(home, "host", "host.json"),
    supervisorPid: join(home, "host", "supervisor.pid"),
    lock: (name: string) => join(home, "locks", `${name}.lock`),
  };
}
