import { spawn } from "node:child_process";
import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { Client } from "../../src/client/client.ts";
import { startServer, type TestServer } from "../server.ts";
import { type Attempt, checkRegistry, registerUntilGone } from "./crash-register.ts";
import { changeUntilGone, checkWithoutServer, settle, type Tracked, tracked } from "./crash-services.ts";
import { eventually } from "./eventually.ts";
import { report, times } from "./fault-mode.ts";
import { strayProcesses } from "./home-processes.ts";
import { makeRandom, type Random } from "./random.ts";
import { script, untilGone, uploaded } from "./scoring.ts";

const rounds = times(15, 200);
const seed = Number(process.env.MODELYARD_SEED ?? Date.now() % 1_000_000);
const program = new URL("../../dist/server.js", import.meta.url).pathname;

let server: TestServer;
beforeAll(async () => {
  server = await startServer();
  await server.client.registerModel({ name: "base", files: [await uploaded(server.client, "base.txt", "base")] });
  // the one environment of all services is built before: a build takes longer than a server lives here
  await server.client.buildImage({
    models: ["base"],
    script: await script(server.client, "def init(): pass\ndef run(raw): return raw\n"),
    requirements: "",
  });
});
afterAll(() => server.remove());

/** Everything at once, until SIGKILL at a moment nobody knows. */
async function crashAtWork(attempts: Map<string, Attempt>, services: Tracked[], random: Random): Promise<void> {
  const { client } = server;
  const clients = Promise.all([
    ...[1, 2].map(() => untilGone(registerUntilGone(client, random, attempts))),
    ...services.map((service) => untilGone(changeUntilGone(client, service, random))),
  ]);
  const killed = sleep(random.int(1, 1500)).then(() => server.kill());
  await Promise.all([clients, killed]);
}

/** A server that is killed while it starts. */
async function crashAtStart(random: Random): Promise<void> {
  const env = { ...process.env, MODELYARD_HOME: server.home, MODELYARD_PORT: "0", MODELYARD_SCORING_PORT: "0" };
  const child = spawn("node", [program], { env, stdio: "ignore" });
  const ended = new Promise((resolve) => child.once("exit", resolve));
  await sleep(random.int(50, 800));
  child.kill("SIGKILL");
  await ended;
}

/** What a crash may not leave behind in the home. */
async function leftovers({ home, client }: { home: string; client: Client }): Promise<string[]> {
  const namesIn = (...path: string[]) => (existsSync(join(home, ...path)) ? readdirSync(join(home, ...path)) : []);
  const images = new Set<string>();
  let pageToken: string | undefined;
  do {
    const page = await client.listImages({ pageSize: 500, ...(pageToken === undefined ? {} : { pageToken }) });
    for (const { digest } of page.items) images.add(digest);
    pageToken = page.nextPageToken ?? undefined;
  } while (pageToken !== undefined);
  return [
    ...namesIn("blobs", "uploads").map((name) => `upload ${name}`),
    ...namesIn("images").flatMap((name) => (images.has(name) ? [] : [`image folder ${name}`])),
    ...namesIn("environments").flatMap((name) => {
      const isWhole =
        /^converters-[\w.]+-[0-9a-f]+$/.test(name) || existsSync(join(home, "environments", name, "environment.json"));
      return isWhole ? [] : [`environment ${name}`];
    }),
  ];
}

async function interruptedHistory(client: Client, services: Tracked[]): Promise<string[]> {
  const running: string[] = [];
  for (const { name } of services) {
    const { items } = await client.getServiceHistory({ name, pageSize: 50 }).catch(() => ({ items: [] }));
    for (const { action, outcome } of items) if (outcome === "running") running.push(`${name} ${action}`);
  }
  return running;
}

test(
  `after SIGKILL at ${rounds} random moments what was acknowledged is there whole, nothing half is visible, and no process is left over`,
  {
    timeout: rounds * 30_000,
  },
  async () => {
    report(`crash: seed ${seed}`);
    const random = makeRandom(seed);
    const attempts = new Map<string, Attempt>();
    const known = new Set<string>();
    const services = ["one", "two", "three"].map((name) => tracked(`service-${name}`));
    let startCrashes = 0;
    for (let round = 1; round <= rounds; round += 1) {
      await crashAtWork(attempts, services, random);
      const where = `round ${round}, seed ${seed}`;
      for (const service of services) await checkWithoutServer(service);
      for (; random.next() < 0.2; startCrashes += 1) await crashAtStart(random);
      server = await server.restart();
      expect(await leftovers(server), where).toEqual([]);
      expect(await checkRegistry(server.client, attempts, known), where).toEqual([]);
      for (const service of services) await settle(server.client, service, 60_000);
      expect(await interruptedHistory(server.client, services), where).toEqual([]);
      await eventually(60_000, async () => expect(await strayProcesses(server.home, server), where).toEqual([]));
    }
    expect(await checkRegistry(server.client, attempts, new Set()), "all versions once more").toEqual([]);
    const changes = services.reduce((sum, { acknowledged }) => sum + acknowledged, 0);
    report(
      `crash: ${rounds} kills at work and ${startCrashes} at start; ${known.size} versions of ${attempts.size} attempts, ${changes} acknowledged service changes; nothing lost, nothing half`,
    );
  },
);
