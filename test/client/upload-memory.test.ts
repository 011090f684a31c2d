import { createServer } from "node:http";
import { expect, test } from "vitest";
import { makeClient } from "../../src/client/client.ts";

test("an upload holds a few pieces in memory, however large the file is", async () => {
  const server = createServer((request, response) => {
    request.resume().on("end", () => response.end('{"digest": "", "size": 0}'));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as { port: number };
  const { client, size } = {
    client: makeClient({ url: `http://127.0.0.1:${port}`, token: undefined, fetch }),
    size: 600 << 20,
  };
  let highest = 0;
  async function* bytes() {
    for (let sent = 0; sent < size; sent += 1 << 20) {
      highest = Math.max(highest, process.memoryUsage.rss());
      yield Buffer.alloc(1 << 20, 1);
    }
  }
  const before = process.memoryUsage.rss();
  await client.uploadBlob({}, { body: bytes(), size });
  server.close();
  expect(highest - before).toBeLessThan(300 << 20);
});
