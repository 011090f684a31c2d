// What recording costs: the same model in two services of one host, one recorded and one not, in alternating pairs.

import { meanWithInterval, median } from "./statistics.mjs";
import { measure } from "./throughput.mjs";

const load = { rows: 1, connections: 16 };

/** Per cent more CPU of host and worker a request with recording than without: `{ pairs, median, low, high }`, the interval of 95 %. */
export async function measureRecording(recorded, unrecorded, { pairs, warmUpMs, measureMs, say }) {
  const more = [];
  for (let pair = 0; pair < pairs; pair += 1) {
    // who is first alternates too: the machine's own speed wanders
    const order = pair % 2 === 0 ? [recorded, unrecorded] : [unrecorded, recorded];
    const cost = new Map();
    for (const system of order) cost.set(system, (await measure(system, load, warmUpMs, measureMs)).hotCpuMs);
    more.push((cost.get(recorded) / cost.get(unrecorded) - 1) * 100);
    say(`recording, pair ${pair + 1}: ${more.at(-1).toFixed(1)} % more CPU`);
  }
  return { pairs, median: median(more), ...meanWithInterval(more) };
}
