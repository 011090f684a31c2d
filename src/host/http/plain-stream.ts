import type { Socket } from "node:net";
import { type AnswerHead, type AnswerStream, takesMore } from "./http-request.ts";
import { type AnswerFraming, plainAnswerHead } from "./plain-answer.ts";

/** Begins an answer in chunks (RFC 9112 §7.1). `onEnd` is called when it is whole; a connection that must close then is closed there. */
export function beginPlainStream(
  socket: Socket,
  head: AnswerHead,
  framing: AnswerFraming,
  { onClose, onEnd }: { onClose(): void; onEnd(): void },
): AnswerStream {
  socket.once("close", onClose);
  if (socket.destroyed) onClose();
  else socket.write(plainAnswerHead(head, framing, "Transfer-Encoding: chunked\r\n"), "latin1");
  return {
    write: async (bytes) => {
      if (bytes.length === 0 || socket.destroyed) return;
      socket.cork();
      socket.write(`${bytes.length.toString(16)}\r\n`, "latin1");
      socket.write(bytes);
      const room = socket.write("\r\n", "latin1");
      socket.uncork();
      if (!room) await takesMore(socket);
    },
    end: () => {
      socket.off("close", onClose);
      if (socket.destroyed) return;
      socket.write("0\r\n\r\n", "latin1");
      onEnd();
    },
    breakOff: () => socket.destroySoon(),
    isClosed: () => socket.destroyed,
  };
}
