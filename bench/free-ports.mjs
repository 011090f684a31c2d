// Ports that nobody listens on now.
import { createServer } from "node:net";

/** `count` free ports, one behind the other. */
export async function freePorts(count) {
  for (;;) {
    const first = await portOf(0);
    if (first === undefined || first + count > 65_000) continue;
    const rest = Array.from({ length: count - 1 }, (_, index) => first + 1 + index);
    const taken = await Promise.all(rest.map(portOf));
    if (taken.every((port) => port !== undefined)) return [first, ...rest];
  }
}

function portOf(port) {
  return new Promise((resolve) => {
    const server = createServer().once("error", () => resolve(undefined));
    server.listen(port, "127.0.0.1", () => {
      const { port: found } = server.address();
      server.close(() => resolve(found));
    });
  });
}
