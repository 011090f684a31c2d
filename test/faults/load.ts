import { Agent } from "node:http";
import { post, type Reply } from "./scoring.ts";

export interface LoadRequest {
  body: string;
  /** What is wrong with the answer. */
  check(reply: Reply): string | undefined;
}

/** Connections that score without a pause until they are stopped. */
export interface Load {
  requests(): number;
  /** Sockets that were opened; as many as connections when none was ever closed. */
  sockets(): number;
  failures: string[];
  stop(): Promise<void>;
}

/** Starts the load: each of `connections` sends its next request when the last one is answered. */
export function startLoad(url: string, connections: number, next: () => LoadRequest, headers: object = {}): Load {
  const agent = new Agent({ keepAlive: true, maxSockets: connections });
  const failures: string[] = [];
  const sockets = new Set<unknown>();
  let requests = 0;
  let stopped = false;
  agent.on("free", (socket) => sockets.add(socket));
  const run = async () => {
    while (!stopped) {
      const { body, check } = next();
      const failure = await post(url, body, { agent, headers }).then(check, (error: Error) => error.message);
      requests += 1;
      if (failure !== undefined) failures.push(failure);
    }
  };
  const running = Promise.all(Array.from({ length: connections }, run));
  return {
    requests: () => requests,
    sockets: () => sockets.size,
    failures,
    stop: async () => {
      stopped = true;
      await running;
      agent.destroy();
    },
  };
}
