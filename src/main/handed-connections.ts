import type { ChildProcess, Serializable } from "node:child_process";

/** A connection as `cluster` hands it to a process, before it is a socket. Closing it twice does nothing. */
interface Handle {
  close(): void;
}

/** What `cluster` and its processes say to each other (internal/cluster of Node 20 to 24). */
interface ClusterMessage {
  act?: string;
  seq?: number;
  ack?: number;
}

/**
 * Closes the connections that a process of `cluster` had been handed and had not accepted when it ended. `cluster` waits for a word about them that never
 * comes and holds them open, so their clients would wait until their own time is over.
 */
export function closeHandedConnections(child: ChildProcess): void {
  const handed = new Map<number, Handle>();
  const send = child.send.bind(child) as (message: Serializable, ...rest: unknown[]) => boolean;
  child.send = (message: Serializable, ...rest: unknown[]) => {
    const { act, seq } = message as ClusterMessage;
    if (act === "newconn" && seq !== undefined) handed.set(seq, rest[0] as Handle);
    return send(message, ...rest);
  };
  child.on("internalMessage", ({ ack }: ClusterMessage) => {
    if (ack !== undefined) handed.delete(ack);
  });
  const disconnect = child.disconnect.bind(child);
  // called when the channel is at its end. Node waits for a word about what was handed before it says so; until then `cluster` counts on the process,
  // and loses without a trace what it hands it
  child.disconnect = () => {
    disconnect();
    process.nextTick(() => child.emit("disconnect"));
  };
  // unlike `exit` it comes when all that the process said was read
  child.once("close", () => {
    for (const handle of handed.values()) handle.close();
  });
}
