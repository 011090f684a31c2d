import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, expect, test } from "vitest";
import { record } from "../monitor/recorded.ts";
import { startServer, type TestServer } from "../server.ts";
import { times } from "./fault-mode.ts";

const rounds = times(3, 30);

const perRound = 400;
let server: TestServer;
beforeAll(async () => {
  server = await startServer();
});
afterAll(() => server.remove());

async function exportedIds(): Promise<string[]> {
  const { body } = await server.client.exportRecords({ format: "jsonl" });
  const chunks: Uint8Array[] = [];
  for await (const chunk of body) chunks.push(chunk);
  const lines = Buffer.concat(chunks).toString("utf8").trim().split("\n");
  return lines.map((line) => (JSON.parse(line) as { id: string }).id).sort();
}

test(
  "a server killed while records move to files has each of them once, and no file that it does not know",
  async () => {
    const ids: string[] = [];
    for (let round = 0; round < rounds; round += 1) {
      const told = Array.from({ length: perRound }, (_, index) => ({
        ...{ id: `r${round}-${index}`, revision: 1 + (index % 3), body: { data: [[index, round]] }, answer: [index] },
      }));
      ids.push(...told.map(({ id }) => id));
      await record(server, "shop", told);
      await server.client.listRecords({});
      const moving = server.client.compactRecords({ before: "0s" }).catch(() => {});
      await sleep(Math.random() * 300);
      await server.kill();
      await moving;
      server = await server.restart();
    }
    expect(await exportedIds()).toEqual(ids.sort());
    await server.client.compactRecords({ before: "0s" });
    expect(await exportedIds()).toEqual(ids);
    expect(await server.client.getRecordStatus({})).toMatchObject({ fresh: 0, filed: ids.length, dropped: {} });
  },
  rounds * 60_000,
);
