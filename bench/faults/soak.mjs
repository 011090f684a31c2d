// A service at 70 % of its load while its worker is killed every 20 s: every answer right, every failure a 5xx with an id, memory flat.
// Usage: node bench/faults/soak.mjs [--minutes 30]. Prints a summary, and ends with 1 when something was wrong.

import { readdirSync } from "node:fs";
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
  const looks = [];
  let over = false;
  const killing = everySoOften(killEveryMs, () => {
    for (const pid of childrenOf(scoring.pid)) {
      process.kill(pid, "SIGKILL");
      counts.kills += 1;
    }
  });
  const watching = everySoOften(10_000, async () => {
    const look = await lookAt(scoring, server, system);
    looks.push(look);
    const { host, heap, descriptors } = look;
    say(
      `${counts.right} right, ${JSON.stringify(counts.failed)} failed, host ${mib(host)} MiB, of it ${mib(heap)} heap in use, ${descriptors} descriptors`,
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
  report(counts, looks, { perSecond, capacity });

  async function everySoOften(ms, act) {
    for (;;) {
      await sleep(ms);
      if (over) return;
      await act();
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

/** Bytes of the processes; of the host the heap, with what the next collection frees, and the descriptors, nearly all of them connections. */
async function lookAt(scoring, server, { port, key }) {
  const reply = await fetch(`http://127.0.0.1:${port}/metrics`, { headers: { authorization: `Bearer ${key}` } });
  const heap = /^nodejs_heap_size_used_bytes (\S+)$/m.exec(await reply.text())?.[1];
  return {
    host: memoryOf(scoring.pid).pss,
    server: memoryOf(server.pid).pss,
    heap: Number(heap),
    descriptors: readdirSync(`/proc/${scoring.pid}/fd`).length,
  };
}

function mib(bytes) {
  return (bytes / 2 ** 20).toFixed(1);
}

function report(counts, looks, { perSecond, capacity }) {
  const third = Math.ceil(looks.length / 3);
  const middle = (some, member) => median(some.map((one) => one[member]));
  const [first, last] = [looks.slice(0, third), looks.slice(-third)];
  const growth = (member) =>
    `${mib(middle(first, member))} MiB in the first third, ${mib(middle(last, member))} in the last`;
  const odd = Object.keys(counts.failed).filter((status) => Number(status) < 500);
  const grew = middle(last, "host") > 1.2 * middle(first, "host");
  process.stdout.write(`${perSecond}/s (capacity ${capacity.toFixed(0)}/s), ${seconds} s, ${counts.kills} workers killed
right ${counts.right}, wrong ${counts.wrong}, failed ${JSON.stringify(counts.failed)}, of these without an id ${counts.withoutId}; longest ${counts.longestMs.toFixed(0)} ms
host ${growth("host")}; its heap in use ${growth("heap")}; its descriptors ${middle(first, "descriptors")}, then ${middle(last, "descriptors")}; server ${growth("server")}
`);
  if (counts.wrong + counts.withoutId + odd.length > 0 || grew) process.exitCode = 1;
}
