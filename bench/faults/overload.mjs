// Five times as many requests as a model can answer that takes 10 ms of CPU a call, one call at a time: what is answered still, and how
// soon the rest is refused. Usage: node bench/faults/overload.mjs [--seconds 20]
import { mkdir, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { cache, openHome, root } from "../home.mjs";
import { percentile } from "../statistics.mjs";
import { openLoop } from "./open-loop.mjs";

const { values } = parseArgs({ options: { seconds: { type: "string", default: "20" } } });
const seconds = Number(values.seconds);
const script = `
import time

def init():
    pass

def run(data):
    end = time.thread_time() + 0.010
    while time.thread_time() < end:
        pass
    return 1
`;

const home = await openHome(root, "overload");
try {
  const folder = join(cache, "services", "overload");
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, "score.py"), script);
  await writeFile(join(folder, "model.txt"), "no model");
  await writeFile(
    join(folder, "modelyard.yaml"),
    "name: overload\nmodel: model.txt\nscript: score.py\nmaxConcurrentRequests: 64\n",
  );
  const { done } = await home.up(folder);
  const url = new URL(done.scoringUri);
  const target = { port: Number(url.port), path: url.pathname, key: done.key, requests: [{ body: "{}", answer: "1" }] };
  await offer(target, 20, 3);
  const peak = await offer(target, 95, seconds);
  const flooded = await offer(target, 500, seconds);
  process.stdout.write(`at 95/s: ${line(peak)}
at 500/s: ${line(flooded)}
goodput ${((flooded.goodput / peak.goodput) * 100).toFixed(0)} % of the peak; refused within ${flooded.refused.p99.toFixed(1)} ms (p99), ${flooded.refused.most.toFixed(1)} ms at most
`);
} finally {
  await home.down();
}

async function offer(target, perSecond, forSeconds) {
  const times = { answered: [], refused: [] };
  let odd = 0;
  const begun = performance.now();
  await openLoop({ ...target, perSecond, seconds: forSeconds }, ({ status, ms, right, id }) => {
    if (status === 200 && right) times.answered.push(ms);
    else if (status === 503 && id !== undefined) times.refused.push(ms);
    else odd += 1;
  });
  const goodput = times.answered.length / ((performance.now() - begun) / 1000);
  const of = (list) => {
    const sorted = list.sort((a, b) => a - b);
    return { n: sorted.length, p99: percentile(sorted, 99) ?? 0, most: sorted.at(-1) ?? 0 };
  };
  return { goodput, answered: of(times.answered), refused: of(times.refused), odd };
}

function line({ goodput, answered, refused, odd }) {
  return `${goodput.toFixed(1)}/s answered (${answered.n}, p99 ${answered.p99.toFixed(0)} ms), ${refused.n} refused, ${odd} otherwise`;
}
