// Whether a full disk slows requests: the same load with room on the disk and without, in alternating pairs, on a home in a small file system. Counts what
// was dropped: what was answered is in the store or among the drops. Usage: node bench/faults/disk-full.mjs [--pairs 10] [--seconds 5] (as root: it mounts)
import { execFileSync } from "node:child_process";
import { closeSync, mkdirSync, openSync, rmSync, writeSync } from "node:fs";
import { mkdir, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { parseArgs } from "node:util";
import { cache, openHome, root } from "../home.mjs";
import { serverOf, takenBy } from "../ingest/control-plane.mjs";
import { runLoad } from "../run-load.mjs";
import { meanWithInterval, percentile } from "../statistics.mjs";
import { openLoop } from "./open-loop.mjs";

const { values } = parseArgs({
  options: { pairs: { type: "string", default: "10" }, seconds: { type: "string", default: "5" } },
});
const [pairs, seconds] = [Number(values.pairs), Number(values.seconds)];
const say = (line) => process.stderr.write(`${line}\n`);
/** For the records of all of it, which stay: some 2 KB each. */
const megabytes = 4096;
const mount = join(cache, "disk-full");
const filler = join(mount, "filler");

mkdirSync(mount, { recursive: true });
execFileSync("mount", ["-t", "tmpfs", "-o", `size=${megabytes}m`, "tmpfs", mount]);
try {
  const home = await openHome(root, "disk-full");
  try {
    await measure(home);
  } finally {
    free();
    await home.down();
  }
} finally {
  execFileSync("umount", ["--lazy", mount]);
}

async function measure(home) {
  const target = await deployed(home);
  const server = await serverOf(home);
  // long enough that the server takes records over several times meanwhile: what is left of the cores without that is no rate to bear
  const load = { ...target, pids: [], connections: 16, warmUpMs: 2000, measureMs: 12_000 };
  const perSecond = Math.floor((await runLoad(load)).perSecond / 2);
  await settled(server);
  say(`${perSecond}/s, half of what it can do`);
  const ratios = [];
  const total = { answered: 0, taken: 0, dropped: 0, bad: 0 };
  for (let pair = 0; pair < pairs; pair += 1) {
    const p99 = {};
    for (const state of pair % 2 === 0 ? ["room", "full"] : ["full", "room"]) {
      const before = await kept(server);
      if (state === "full") fill();
      const times = [];
      await openLoop({ ...target, perSecond, seconds }, ({ status, right, ms }) => {
        if (status === 200 && right) times.push(ms);
        else total.bad += 1;
      });
      free();
      const after = await settled(server);
      total.answered += times.length;
      total.taken += after.taken - before.taken;
      total.dropped += after.dropped - before.dropped;
      p99[state] = percentile(
        times.sort((a, b) => a - b),
        99,
      );
      say(`pair ${pair + 1}, ${state}: p99 ${p99[state].toFixed(1)} ms, ${after.dropped - before.dropped} dropped`);
    }
    ratios.push(p99.full / p99.room);
  }
  // ratios are compared by their logarithms: twice and half are as far from one
  const { mean, low, high } = meanWithInterval(ratios.map(Math.log));
  const [middle, least, most] = [mean, low, high].map(Math.exp).map((value) => value.toFixed(2));
  const missing = total.answered - total.taken - total.dropped;
  process.stdout.write(`p99 with a full disk, of that with room: ${middle} (95 % interval ${least} to ${most}, ${pairs} pairs of ${seconds} s at ${perSecond}/s)
${total.answered} answered, ${total.bad} otherwise; ${total.taken} records taken over, ${total.dropped} dropped: ${missing} not accounted for
`);
  if (missing !== 0 || total.bad > 0) process.exitCode = 1;
}

async function deployed(home) {
  const folder = join(cache, "services", "disk-full");
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, "score.py"), "def init():\n    pass\n\ndef run(data):\n    return 1\n");
  await writeFile(join(folder, "model.txt"), "no model");
  await writeFile(join(folder, "modelyard.yaml"), "name: disk-full\nmodel: model.txt\nscript: score.py\n");
  const { done } = await home.up(folder);
  const url = new URL(done.scoringUri);
  const requests = [{ body: JSON.stringify({ data: "x".repeat(2000) }), answer: "1" }];
  return { port: Number(url.port), path: url.pathname, key: done.key, requests };
}

/** Records the server has, and those the host could not keep. */
async function kept(server) {
  const { dropped } = JSON.parse(await server.ask("/api/v1/records-status"));
  const { taken, waiting } = await takenBy(server);
  return { taken, waiting, dropped: Object.values(dropped).reduce((sum, count) => sum + count, 0) };
}

/** When nothing changes any more: all that is on its way has come. */
async function settled(server) {
  for (let before = ""; ; ) {
    await sleep(2000);
    const now = await kept(server);
    if (JSON.stringify(now) === before && now.waiting === 0) return now;
    before = JSON.stringify(now);
  }
}

/** Takes all the room that is left: large pieces first, single bytes last, as tmpfs gives whole pages. */
function fill() {
  const file = openSync(filler, "a");
  for (const size of [1 << 20, 1 << 12, 1]) while (written(file, Buffer.alloc(size)));
  closeSync(file);
}

function free() {
  rmSync(filler, { force: true });
}

function written(file, bytes) {
  try {
    return writeSync(file, bytes) > 0;
  } catch {
    return false;
  }
}
