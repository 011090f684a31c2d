// What the server answers while it takes records over.
import { readFile } from "node:fs/promises";
import { Agent, request } from "node:http";
import { join } from "node:path";
import { percentile } from "../statistics.mjs";

const asks = { healthz: "/healthz", models: "/api/v1/models" };

/** The server of a home as it runs now. */
export async function serverOf(home) {
  const { url, pid } = JSON.parse(await readFile(join(home.folder, "run", "server.json"), "utf8"));
  const key = (await readFile(join(home.folder, "admin-token"), "utf8")).trim();
  const agent = new Agent({ keepAlive: true });
  return { pid, ask: (path) => ask(agent, url, path, key) };
}

/** Rejects when the answer is no 200. */
function ask(agent, url, path, key) {
  return new Promise((resolve, reject) => {
    const outgoing = request(`${url}${path}`, { agent, headers: { authorization: `Bearer ${key}` } }, (incoming) => {
      let text = "";
      incoming.setEncoding("utf8").on("data", (chunk) => {
        text += chunk;
      });
      incoming.on("end", () => (incoming.statusCode === 200 ? resolve(text) : reject(new Error(`${path}: ${text}`))));
    });
    outgoing.on("error", reject);
    outgoing.end();
  });
}

/** Records the server has taken over, and bytes of the spool that it has not. */
export async function takenBy(server) {
  const text = await server.ask("/metrics");
  const value = (name) => Number(new RegExp(`^${name} (\\S+)$`, "m").exec(text)[1]);
  return { taken: value("modelyard_records_taken_total"), waiting: value("modelyard_spool_waiting_bytes") };
}

/** Asks every 20 ms, answered or not, until `stop`, which gives the ms of the answers by what was asked: `{ p50, p99, most, n }`. */
export function watchControlPlane(server) {
  const times = Object.fromEntries(Object.keys(asks).map((name) => [name, []]));
  const open = new Set();
  const timer = setInterval(() => {
    for (const [name, path] of Object.entries(asks)) {
      const begun = performance.now();
      const asked = server.ask(path).then(
        () => times[name].push(performance.now() - begun),
        () => times[name].push(Number.POSITIVE_INFINITY),
      );
      open.add(asked);
      asked.finally(() => open.delete(asked));
    }
  }, 20);
  return {
    stop: async () => {
      clearInterval(timer);
      await Promise.all(open);
      return Object.fromEntries(Object.entries(times).map(([name, list]) => [name, summaryOf(list)]));
    },
  };
}

function summaryOf(list) {
  const sorted = list.sort((a, b) => a - b);
  return { p50: percentile(sorted, 50), p99: percentile(sorted, 99), most: sorted.at(-1), n: sorted.length };
}
