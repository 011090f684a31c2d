import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, expect, test } from "vitest";
import { makeClient } from "../../src/client/client.ts";
import { startServer, type TestServer } from "../server.ts";
import { checkAliases, type Mover, model, moveUntilGone, versions } from "./crash-aliases.ts";
import { report, times } from "./fault-mode.ts";
import { makeRandom } from "./random.ts";
import { untilGone, uploaded } from "./scoring.ts";

const rounds = times(6, 100);
const seed = Number(process.env.MODELYARD_SEED ?? Date.now() % 1_000_000);

let server: TestServer;
beforeAll(async () => {
  server = await startServer();
  for (let version = 1; version <= versions; version += 1)
    await server.client.registerModel({ name: model, files: [await uploaded(server.client, "m.bin", `${version}`)] });
});
afterAll(() => server.remove());

test(
  `after SIGKILL at ${rounds} random moments while 8 clients move aliases, every acknowledged move is in the history, and the aliases, the history and the events agree`,
  { timeout: rounds * 30_000 },
  async () => {
    const random = makeRandom(seed);
    const tokens = new Map<string, string>();
    const movers: Mover[] = [];
    for (let place = 1; place <= 8; place += 1) {
      const name = `mover-${place}`;
      tokens.set(name, (await server.client.createToken({ role: "contributor", name })).token);
      movers.push({ name, client: server.client, acknowledged: [], pending: undefined });
    }
    for (let round = 1; round <= rounds; round += 1) {
      for (const mover of movers) mover.client = makeClient({ url: server.url, token: tokens.get(mover.name), fetch });
      const moving = Promise.all(movers.map((mover) => untilGone(moveUntilGone(mover, random))));
      await sleep(random.int(1, 700));
      await server.kill();
      await moving;
      server = await server.restart();
      expect(await checkAliases(server.client, movers), `round ${round}, seed ${seed}`).toEqual([]);
    }
    const moves = movers.reduce((sum, { acknowledged }) => sum + acknowledged.length, 0);
    expect(moves).toBeGreaterThan(rounds);
    report(`aliases: ${rounds} kills, seed ${seed}; ${moves} moves of 8 clients, none lost, none told twice`);
  },
);
