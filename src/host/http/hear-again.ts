import type { Socket } from "node:net";

/** Refusing as many takes some 10 ms. */
const perTurn = 256;

/**
 * Gives the way to read no more from a connection whose request was refused, until it is its turn again: some in each turn of the event loop. Thousands of clients
 * that ask again at once would keep a turn going for as long as it takes to refuse all of them, and a worker has few frames in each.
 */
export function makeHearAgain(): (socket: Socket) => void {
  const silent: Socket[] = [];
  const hearSome = () => {
    for (const socket of silent.splice(0, perTurn)) socket.resume();
    if (silent.length > 0) setImmediate(hearSome);
  };
  return (socket) => {
    socket.pause();
    if (silent.push(socket) === 1) setImmediate(hearSome);
  };
}
