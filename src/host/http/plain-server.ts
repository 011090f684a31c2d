import type { Server } from "node:http";
import type { Socket } from "node:net";
import { Server as TlsServer } from "node:tls";
import type { Clock } from "../../kernel/clock.ts";
import { lingerMs } from "../linger.ts";
import { makeHearAgain } from "./hear-again.ts";
import { type PlainConnection, type PlainPorts, servePlainConnection } from "./plain-connection.ts";

/**
 * Puts the reader of plain requests in front of a server of node:http, which costs two to three times as much for each request
 * (docs/decisions/0023). What is not plain goes to the server, with its connection.
 */
export function answerPlainRequests(
  server: Server,
  clock: Clock,
  { onRequest, isForServer }: Pick<PlainPorts, "onRequest" | "isForServer">,
): void {
  const event = server instanceof TlsServer ? "secureConnection" : "connection";
  const toServer = server.listeners(event);
  const connections = new Set<PlainConnection>();
  const ports: PlainPorts = {
    onRequest,
    isForServer,
    handOver: (socket, bytes) => {
      for (const listener of toServer) listener.call(server, socket);
      socket.unshift(bytes);
    },
    date: makeDate(clock),
    keepAliveMs: server.keepAliveTimeout,
    bodyMs: server.requestTimeout,
    lingerMs,
    hearAgain: makeHearAgain(),
    stallMs: server.requestTimeout,
  };
  server.removeAllListeners(event).on(event, (socket: Socket) => {
    const connection = servePlainConnection(socket, ports, () => connections.delete(connection));
    connections.add(connection);
  });
  closeToo(server, connections);
}

/** The server's ways to close connections reach the plain ones as well. */
function closeToo(server: Server, connections: ReadonlySet<PlainConnection>): void {
  const closeIdle = server.closeIdleConnections.bind(server);
  const closeAll = server.closeAllConnections.bind(server);
  server.closeIdleConnections = () => {
    closeIdle();
    for (const connection of connections) if (connection.isIdle()) connection.close();
  };
  server.closeAllConnections = () => {
    closeAll();
    for (const connection of connections) connection.close();
  };
}

/** The Date header (RFC 9110 §5.6.7), made once a second. */
function makeDate(clock: Clock): () => string {
  let second = -1;
  let text = "";
  return () => {
    const now = Math.floor(clock.now() / 1000);
    if (now !== second) text = new Date(now * 1000).toUTCString();
    second = now;
    return text;
  };
}
