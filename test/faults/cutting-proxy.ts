import { once } from "node:events";
import { type AddressInfo, connect, createServer, type Socket } from "node:net";

/** A bad network: a port that leads to a server, and connections that end in the middle. */
export interface CuttingProxy {
  url: string;
  /** Bytes that went towards the server and towards the client, heads of requests and answers too. */
  sent(): number;
  answered(): number;
  connections(): number;
  cuts(): number;
  close(): void;
}

export interface Network {
  /** Where the server is now. */
  portOf(): number;
  /** Bytes, counted over both directions, after which a new connection is destroyed. */
  budgetOf?(): number;
  onCut?(): void;
  /** Told after each read what went towards the server in all. */
  onSent?(bytes: number): void;
  /** How long a read of at most 64 KB takes. */
  pauseMs?: number;
}

/** Bytes are passed on one read at a time, so that little is on its way when a connection is cut. */
export async function cuttingProxy(network: Network): Promise<CuttingProxy> {
  const counts = { sent: 0, answered: 0, connections: 0, cuts: 0 };
  const sockets = new Set<Socket>();
  const proxy = createServer((near) => {
    counts.connections += 1;
    const far = connect(network.portOf(), "127.0.0.1");
    let left = network.budgetOf?.() ?? Number.POSITIVE_INFINITY;
    const end = () => {
      near.destroy();
      far.destroy();
    };
    for (const socket of [near, far]) {
      sockets.add(socket);
      socket.on("error", end).on("close", () => {
        sockets.delete(socket);
        end();
      });
    }
    const pass = (from: Socket, to: Socket, count: "sent" | "answered") =>
      from.on("data", (chunk: Buffer) => {
        const part = chunk.subarray(0, left);
        left -= part.length;
        counts[count] += part.length;
        from.pause();
        to.write(part, () => {
          setTimeout(() => from.resume(), network.pauseMs ?? 0);
          network.onSent?.(counts.sent);
          if (left > 0 || near.destroyed) return;
          counts.cuts += 1;
          end();
          network.onCut?.();
        });
      });
    pass(near, far, "sent");
    pass(far, near, "answered");
  });
  proxy.listen(0, "127.0.0.1");
  await once(proxy, "listening");
  return {
    url: `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`,
    sent: () => counts.sent,
    answered: () => counts.answered,
    connections: () => counts.connections,
    cuts: () => counts.cuts,
    close: () => {
      proxy.close();
      for (const socket of sockets) socket.destroy();
    },
  };
}
