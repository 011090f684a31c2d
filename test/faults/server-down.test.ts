import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, expect, test } from "vitest";
import { startServer, type TestServer } from "../server.ts";
import { eventually } from "./eventually.ts";
import { report, times } from "./fault-mode.ts";
import { recordedCounts, startOpenLoop } from "./record-load.ts";
import { deployed } from "./scoring.ts";

const downMs = times(10_000, 600_000);
const perSecond = 500;
const limitMs = 120_000;

let server: TestServer;
let scoring: Awaited<ReturnType<typeof deployed>>;
beforeAll(async () => {
  server = await startServer();
  scoring = await deployed(server.client, "down", "def init():\n    pass\ndef run(raw):\n    return 1\n");
});
afterAll(() => server.remove());

const waitingBytes = async () => (await server.client.getRecordStatus({})).waitingBytes;

test(
  "a server that is away under load costs no record: when it is back it takes over all that waits, each once, while more keeps coming",
  { timeout: downMs + 600_000 },
  async () => {
    const load = startOpenLoop({ service: "down", ...scoring }, perSecond);
    await sleep(1_000);
    const before = load.answered.size;
    await server.kill();
    await sleep(downMs);
    expect(load.answered.size - before).toBeGreaterThan(perSecond);
    const backAt = performance.now();
    server = await server.restart();
    const waited = await waitingBytes();
    const bytesPerSecond = waited / (downMs / 1000);
    // no more than comes within moments
    await eventually(limitMs, async () => expect(await waitingBytes()).toBeLessThan(3 * bytesPerSecond));
    const drainedMs = performance.now() - backAt;
    await load.stop();
    const counts = await recordedCounts(server.client, "down");
    const lost = [...load.answered.keys()].filter((id) => !counts.has(id));
    expect(lost, "answered and not kept").toEqual([]);
    const doubled = [...counts].filter(([id, count]) => id.startsWith("down-") && count !== 1);
    expect(doubled, "kept twice").toEqual([]);
    expect((await server.client.getRecordStatus({})).dropped).toEqual({});
    report(
      `server down for ${downMs / 1000} s: ${load.answered.size} requests answered, all kept once; ${waited} bytes waited and were taken over within ${(drainedMs / 1000).toFixed(1)} s`,
    );
  },
);
