import type { Server } from "node:http";
import { Server as NetServer } from "node:net";

/**
 * How long a connection without a request stays open: who sends one after the other has the next one answered with `Connection: close`, where
 * closing at once would meet it on its way.
 */
const lastRequestMs = 250;
const sweepMs = 20;

/** Takes no new connections, and lets what is in flight finish, at most `drainMs`: `onBreak` is called before the rest is broken off. */
export async function closeServers(servers: Server[], drainMs: number, onBreak: () => void): Promise<void> {
  // node:http's own close would end idle connections there and then
  const closed = servers.map(
    (server) => new Promise<void>((resolve) => NetServer.prototype.close.call(server, () => resolve())),
  );
  const start = performance.now();
  // a connection kept alive becomes idle only when its answer is out
  const sweep = setInterval(() => {
    if (performance.now() - start < Math.min(lastRequestMs, drainMs)) return;
    for (const server of servers) server.closeIdleConnections();
  }, sweepMs);
  const limit = setTimeout(() => {
    onBreak();
    for (const server of servers) server.closeAllConnections();
  }, drainMs);
  await Promise.all(closed);
  clearInterval(sweep);
  clearTimeout(limit);
}
