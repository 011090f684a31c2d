import { once } from "node:events";
import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import { afterEach, expect, test } from "vitest";
import { processStartTime } from "../../src/kernel/process-identity.ts";
import { freePort } from "../free-port.ts";
import { deployScript, echoScript, script, smallModel } from "../scripts.ts";
import { startServer, type TestServer } from "../server.ts";
import { eventually } from "./eventually.ts";
import { hostPid } from "./home-processes.ts";

let server: TestServer;
afterEach(() => server.remove());

/** Every service with its state and the reason for it. */
async function states(): Promise<string> {
  const { items } = await server.client.listServices({});
  return items.map(({ name, state, reason }) => `${name} ${state}: ${reason}`).join();
}

test("a service whose host cannot be started says why, until it runs again", async () => {
  const port = await freePort();
  server = await startServer({ env: { MODELYARD_SCORING_PORT: String(port), MODELYARD_GRPC_PORT: "0" } });
  await deployScript(server, "alone", echoScript);
  process.kill(hostPid(server.home), "SIGKILL");
  const other = await eventually(5_000, async () => {
    const holder = createServer().listen(port, "127.0.0.1");
    await once(holder, "listening");
    return holder;
  });
  await expect.poll(states, { timeout: 30_000 }).toContain(`Port ${port} is in use by`);
  expect(await states()).toMatch(/^alone unknown: The scoring host does not answer: Port /);
  other.close();
  await expect.poll(states, { timeout: 60_000 }).toBe("alone ready: null");
}, 120_000);

test("a deployment that waits for a front which cannot be started says why, and so does the service", async () => {
  server = await startServer({ env: { MODELYARD_FRONTS: "2" } });
  await deployScript(server, "before", echoScript);
  const front = join(server.home, "host", "fronts", "2");
  const { pid } = JSON.parse(readFileSync(join(front, "host.json"), "utf8")) as { pid: number };
  process.kill(pid, "SIGKILL");
  const lock = join(front, "host.lock");
  writeFileSync(lock, JSON.stringify({ pid: process.pid, startTime: processStartTime(process.pid) }));
  const why = `host.lock is held by the scoring host with pid ${process.pid}) and is started again`;
  await expect.poll(states, { timeout: 30_000 }).toContain(why);
  expect(await states()).toMatch(/^before degraded: front 2 ended \(exit code 4: /);
  const told: string[] = [];
  const onProgress = (event: { event: string; message?: string }) => {
    told.push(event.message ?? "");
    if (event.message?.includes(why)) rmSync(lock, { force: true });
  };
  const models = [await smallModel(server, "after", "1")];
  const source = await script(server, echoScript);
  await server.client.deployService({ name: "after", models, script: source, requirements: "" }, { onProgress });
  // once, however often the front was tried
  expect(told.filter((message) => message.startsWith("waiting: front 2 ended"))).toHaveLength(1);
  // of the one that is back the services of before may still be starting
  await expect.poll(states, { timeout: 30_000 }).toBe("after ready: null,before ready: null");
}, 90_000);
