import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, expect, test } from "vitest";
import { startServer, type TestServer } from "../server.ts";
import { eventually } from "./eventually.ts";
import { report, times } from "./fault-mode.ts";
import { hostPid } from "./home-processes.ts";
import { makeRandom } from "./random.ts";
import { recordedCounts, startOpenLoop } from "./record-load.ts";
import { deployed, post } from "./scoring.ts";

const kills = times(3, 100);
const perSecond = 500;
/** A record outlives the host so long after its answer. The short run is among other tests, which hold up the machine. */
const durableMs = times(1000, 200);
const limitMs = 60_000;
const source = "def init():\n    pass\ndef run(raw):\n    return 1\n";

let server: TestServer;
let scoringUri: string;
let headers: Record<string, string>;
beforeAll(async () => {
  server = await startServer();
  ({ scoringUri, headers } = await deployed(server.client, "ones", source));
});
afterAll(() => server.remove());

test(
  "host and server killed at random moments under load lose no record that was answered 200 ms before, and keep none twice",
  { timeout: 120_000 + kills * 30_000 },
  async () => {
    const random = makeRandom(6);
    const load = startOpenLoop({ service: "ones", scoringUri, headers }, perSecond);
    const hostKills: number[] = [];
    for (let kill = 0; kill < kills; kill += 1) {
      const before = load.answered.size;
      await eventually(limitMs, async () => expect(load.answered.size).toBeGreaterThan(before + perSecond / 5));
      // long enough that the answers that must outlive it are many
      await sleep(durableMs + random.int(0, 1_000));
      const victim = random.pick(["host", "server", "both"]);
      if (victim !== "server") {
        const pid = hostPid(server.home);
        // before it: what comes between may take long on a loaded machine
        hostKills.push(performance.now());
        process.kill(pid, "SIGKILL");
      }
      if (victim !== "host") {
        await server.kill();
        server = await server.restart();
      }
    }
    await eventually(limitMs, async () => expect((await post(scoringUri, "{}", { headers })).status).toBe(200));
    await load.stop();
    const counts = await recordedCounts(server.client, "ones");
    /** How long before the kill that came next, ms; negative for an answer that was read after its host was dead. */
    const ageOf = ({ sentAt, at }: { sentAt: number; at: number }) =>
      (hostKills.find((killed) => killed > sentAt) ?? Number.POSITIVE_INFINITY) - at;
    const safe = [...load.answered].filter(([, answer]) => ageOf(answer) > durableMs);
    expect(
      safe
        .filter(([id]) => !counts.has(id))
        .map(([id, answer]) => `${id}, ${ageOf(answer).toFixed(0)} ms before the kill`),
      "answered in time and not kept",
    ).toEqual([]);
    expect(
      [...counts].filter(([id, count]) => id.startsWith("ones-") && count !== 1),
      "kept twice",
    ).toEqual([]);
    const lost = [...load.answered.keys()].filter((id) => !counts.has(id)).length;
    report(
      `records: ${kills} kills of host and server, ${hostKills.length} of the host; ${load.sent()} requests, ${load.answered.size} answered, ${safe.length} of them ${durableMs} ms before a kill: all kept once; ${lost} others lost`,
    );
  },
);
