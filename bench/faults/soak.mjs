// A service at 70 % of its load while its worker is killed every 20 s: every answer right, every failure a 5xx with an id, memory flat.
// Usage: node bench/faults/soak.mjs [--minutes 30]. Prints a summary, and ends with 1 when something was wrong.

import { setTimeout as sleep } from "node:timers/promises";
import { parseArgs } from "node:util";
import { openHome, root } from "../home.mjs";
import { fastapi } from "../peers/fastapi.mjs";
import { environmentOf } from "../peers/start-peer.mjs";
import { childrenOf, memoryOf } from "../processes.mjs";
import { runLoad } from "../run-load.mjs";
import { deploy, services } from "../services.mjs";
import { median } from "../statistics.mjs";
import { makeWorkloads } from "../workloads.mjs";
import { openLoop } from "./open-loop.mjs";

const { values } = parseArgs({ options: { minutes: { type: "string", default: "30" } } });
const seconds = Number(values.minutes) * 60;
const killEveryMs = 20_000;
const say = (line) => process.stderr.write(`${line}\n`);

const workloads = await makeWorkloads(await environmentOf("fastapi", fastapi.requirements, say));
const home = await openHome(root, "soak");
try {
  const system = await deploy(home, services[0], workloads.digits);
  const { scoring, server } = await home.status();
  const capacity = await capacityOf(system);
  const perSecond = Math.floor(capacity * 0.7);
  say(`capacity ${capacity.toFixed(0)}/s; ${perSecond}/s for ${seconds} s`);
  const counts = { right: 0, wrong: 0, failed: {}, withoutId: 0, longestMs: 0, kills: 0 };
  const memory = [];
  let over = false;
  const killing = everySoOften(killEveryMs, () => {
    for (const pid of childrenOf(scoring.pid)) {
      process.kill(pid, "SIGKILL");
      counts.kills += 1;
    }
  });
  const watching = everySoOften(10_000, () => {
    memory.push({ host: memoryOf(scoring.pid).pss, server: memoryOf(server.pid).pss });
    say(
      `${counts.right} right, ${JSON.stringify(counts.failed)} failed, host ${(memory.at(-1).host / 2 ** 20).toFixed(1)} MiB`,
    );
  });
  await openLoop({ ...system, requests: system.requests[1], perSecond, seconds }, ({ status, ms, right, id }) => {
    counts.longestMs = Math.max(counts.longestMs, ms);
    if (status === 200 && right) counts.right += 1;
    else if (status === 200) counts.wrong += 1;
    else counts.failed[status] = (counts.failed[status] ?? 0) + 1;
    if (status !== 200 && id === undefined) counts.withoutId += 1;
  });
  over = true;
  await Promise.all([killing, watching]);
  report(counts, memory, { perSecond, capacity });

  async function everySoOften(ms, act) {
    for (;;) {
      await sleep(ms);
      if (over) return;
      act();
    }
  }
} finally {
  await home.down();
}

async function capacityOf({ port, path, key, requests }) {
  // of several passes of the server, which takes the records over
  const load = { port, path, key, pids: [], requests: requests[1], connections: 16, warmUpMs: 2000, measureMs: 12_000 };
  return (await runLoad(load)).perSecond;
}

function report(counts, memory, { perSecond, capacity }) {
  const third = Math.ceil(memory.length / 3);
  const mib = (some, member) => median(some.map((one) => one[member])) / 2 ** 20;
  const growth = (member) =>
    `${mib(memory.slice(0, third), member).toFixed(1)} MiB in the first third, ${mib(memory.slice(-third), member).toFixed(1)} in the last`;
  const odd = Object.keys(counts.failed).filter((status) => Number(status) < 500);
  const grew = mib(memory.slice(-third), "host") > 1.2 * mib(memory.slice(0, third), "host");
  process.stdout.write(`${perSecond}/s (capacity ${capacity.toFixed(0)}/s), ${seconds} s, ${counts.kills} workers killed
right ${counts.right}, wrong ${counts.wrong}, failed ${JSON.stringify(counts.failed)}, of these without an id ${counts.withoutId}; longest ${counts.longestMs.toFixed(0)} ms
host ${growth("host")}; server ${growth("server")}
`);
  if (counts.wrong + counts.withoutId + odd.length > 0 || grew) process.exitCode = 1;
}
