import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, expect, test } from "vitest";
import { makeHostControl } from "../../src/kernel/host-control.ts";
import { processStartTime } from "../../src/kernel/process-identity.ts";
import { startServer, type TestServer } from "../server.ts";
import { entriesIn } from "../spooled.ts";
import { eventually } from "./eventually.ts";
import { report, times } from "./fault-mode.ts";
import { hostPid, processesOf, strayProcesses, supervisorPid } from "./home-processes.ts";
import { deployed, post } from "./scoring.ts";

const kills = times(2, 20);
/** Each death of a worker doubles the wait for the next one, up to 30 s. */
const workerKills = times(2, 8);
const limitMs = 90_000;
const timeout = kills * 60_000;
/** Answers its pid; asked for `mark` it makes that file and never comes back. */
const source = [
  "import json, os, time",
  "def init():",
  "    pass",
  "def run(raw):",
  "    asked = json.loads(raw)",
  "    if 'mark' in asked:",
  "        open(asked['mark'], 'w').close()",
  "        time.sleep(3600)",
  "    return {'pid': os.getpid()}",
].join("\n");

let server: TestServer;
let scoringUri: string;
let headers: Record<string, string>;
beforeAll(async () => {
  server = await startServer();
  ({ scoringUri, headers } = await deployed(server.client, "pids", source));
});
afterAll(() => server.remove());

async function workerPid(): Promise<number> {
  const { status, text } = await post(scoringUri, "{}", { headers });
  expect(status, text).toBe(200);
  return (JSON.parse(text) as { pid: number }).pid;
}

test(
  "with the server dead scoring goes on, and a host killed with SIGKILL comes back alone from its last wanted state",
  { timeout },
  async () => {
    const worker = await workerPid();
    await server.kill();
    expect(await workerPid()).toBe(worker);
    const supervisor = supervisorPid(server.home);
    const recoveries: number[] = [];
    for (let kill = 1; kill <= kills; kill += 1) {
      const host = hostPid(server.home);
      const before = await workerPid();
      process.kill(host, "SIGKILL");
      const killedAt = performance.now();
      const after = await eventually(limitMs, workerPid);
      recoveries.push(performance.now() - killedAt);
      expect(after).not.toBe(before);
      expect(hostPid(server.home)).not.toBe(host);
      expect(supervisorPid(server.home)).toBe(supervisor);
      await eventually(60_000, async () => {
        expect(processStartTime(before), "the worker of the dead host").toBeNull();
        const running = processesOf(server.home).map(({ pid }) => pid);
        expect(running.sort()).toEqual([supervisor, hostPid(server.home), after].sort());
      });
    }
    report(
      `host kill: ${kills} kills without a server; scoring again after ${Math.max(...recoveries).toFixed(0)} ms at most`,
    );
    server = await server.restart();
    expect((await server.client.getService({ name: "pids" })).state).toBe("ready");
    await eventually(60_000, async () => expect(await strayProcesses(server.home, server)).toEqual([]));
  },
);

test(
  "a request in the hands of a worker that is killed gets 502 with its request id, and the service recovers",
  { timeout },
  async () => {
    for (let kill = 1; kill <= workerKills; kill += 1) {
      const worker = await eventually(limitMs, workerPid);
      const id = `killed-${kill}`;
      const mark = join(server.home, id);
      const flight = post(scoringUri, JSON.stringify({ mark }), { headers: { ...headers, "x-request-id": id } });
      await eventually(limitMs, async () => expect(existsSync(mark)).toBe(true));
      const killedAt = performance.now();
      process.kill(worker, "SIGKILL");
      const { status, requestId, text } = await flight;
      const { error } = JSON.parse(text) as { error: { code: string; requestId: string } };
      expect([status, requestId, error.code, error.requestId]).toEqual([502, id, "worker-died", id]);
      const tookMs = performance.now() - killedAt;
      expect(tookMs).toBeLessThan(60_000);
      expect(await eventually(limitMs, workerPid)).not.toBe(worker);
      if (kill === workerKills)
        report(
          `worker kill: ${workerKills} requests in flight, each 502 with its id; the last after ${tookMs.toFixed(0)} ms`,
        );
    }
  },
);

/** The ids in the whole entries of a spool. */
function spooledIds(home: string): string[] {
  const folder = join(home, "host", "spool");
  return readdirSync(folder)
    .sort()
    .flatMap((name) => entriesIn(readFileSync(join(folder, name))).entries.map(({ head }) => head.id));
}

test(
  "records that were flushed when the host was killed are there exactly once, and no other twice",
  { timeout },
  async () => {
    await server.kill();
    const answered = new Map<string, number>();
    const kept = new Set<string>();
    const control = makeHostControl(join(server.home, "host"));
    let oldestLostMs = 0;
    for (let kill = 1; kill <= kills; kill += 1) {
      let stopped = false;
      const send = async (connection: number) => {
        for (let index = 0; !stopped; index += 1) {
          const id = `record-${kill}-${connection}-${index}`;
          const reply = await post(scoringUri, "{}", { headers: { ...headers, "x-request-id": id } }).catch(
            () => undefined,
          );
          if (reply === undefined) return;
          if (reply.status === 200) answered.set(id, performance.now());
        }
      };
      const senders = [1, 2, 3, 4].map(send);
      const before = answered.size;
      await eventually(limitMs, async () => expect(answered.size).toBeGreaterThan(before + 50));
      const flushed = [...answered.keys()].slice(before);
      await control.flush();
      for (const id of flushed) kept.add(id);
      const killedAt = performance.now();
      process.kill(hostPid(server.home), "SIGKILL");
      await Promise.all(senders);
      stopped = true;
      const onDisk = new Set(spooledIds(server.home));
      expect(
        flushed.filter((id) => !onDisk.has(id)),
        "flushed and not on the disk",
      ).toEqual([]);
      for (const [id, at] of [...answered].slice(before))
        if (!onDisk.has(id)) oldestLostMs = Math.max(oldestLostMs, killedAt - at);
      await eventually(limitMs, workerPid);
    }
    // the server dies while it takes the records over, too
    for (let kill = 1; kill <= kills; kill += 1) {
      server = await server.restart();
      await sleep(kill * 20);
      await server.kill();
    }
    server = await server.restart();
    const recorded = await eventually(limitMs, async () => {
      const counts = new Map<string, number>();
      for await (const id of recordedIds()) counts.set(id, (counts.get(id) ?? 0) + 1);
      expect([...kept].filter((id) => !counts.has(id))).toEqual([]);
      return counts;
    });
    expect([...recorded].filter(([, count]) => count !== 1)).toEqual([]);
    const lost = [...answered.keys()].filter((id) => !recorded.has(id)).length;
    report(
      `records: ${answered.size} answered over ${kills} host kills, ${recorded.size} recorded, none twice; ${lost} not flushed were lost, answered at most ${oldestLostMs.toFixed(0)} ms before the kill`,
    );
  },
);

async function* recordedIds(): AsyncGenerator<string> {
  let pageToken: string | undefined;
  do {
    const page = await server.client.listRecords({
      service: "pids",
      pageSize: 500,
      ...(pageToken === undefined ? {} : { pageToken }),
    });
    for (const { id } of page.items) yield id;
    pageToken = page.nextPageToken ?? undefined;
  } while (pageToken !== undefined);
}
