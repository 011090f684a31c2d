// Pages of a search, for each kind of filter and order that docs/guide/registry.md calls fast, at many places of the list: among many
// versions and among few in turns, so that both meet the same machine.
import { percentile } from "../statistics.mjs";

const pageSize = 100;
/** Places in a list whose pages are asked for. */
const places = 15;

const orders = ["created_at", "updated_at", "name", "version"].flatMap((column) => [`${column} DESC`, `${column} ASC`]);
const filters = [
  "",
  "name = 'seeded-big'",
  "framework = 'XGBoost'",
  "stage = 'Production'",
  "created_by = 'person-7'",
  "tags.team = 'team-3'",
  "tags.phase = 'first'",
  "tags.ticket = 'T-77'",
  "properties.seed = '7'",
  "metrics.accuracy > 0.5",
  "metrics.accuracy > 0.9999",
  "alias = 'champion'",
  "live = 'true'",
  "live_on = 'service-0'",
  `run_id = '${(77).toString(16).padStart(32, "0")}'`,
  "source = 'runs:/77/model'",
  `digest = '${(77).toString(16).padStart(64, "0")}'`,
  "metrics.accuracy > 0.5 AND framework = 'XGBoost'",
];

/** Times in ms of every page by filter and order. `systems`: few versions, then many. */
export async function measurePages(systems, { say }) {
  const kinds = filters.flatMap((filter) => orders.map((orderBy) => ({ filter, orderBy })));
  const entries = [];
  for (const kind of kinds) {
    const entry = { ...kind, few: [], many: [], rows: { few: 0, many: 0 } };
    const tokens = await Promise.all(systems.map((system) => tokensOf(system, kind)));
    for (let turn = 0; turn < places; turn += 1)
      for (const [index, size] of ["few", "many"].entries()) {
        const pageToken = tokens[index][turn % tokens[index].length];
        const begun = performance.now();
        const { items } = await get(systems[index], pathOf({ ...kind, pageSize, pageToken }));
        entry[size].push(performance.now() - begun);
        entry.rows[size] += items.length / places;
      }
    entries.push(entry);
  }
  const all = Object.fromEntries(["few", "many"].map((size) => [size, summarise(entries.map((entry) => entry[size]))]));
  say(`pages: p99 ${all.few.p99.toFixed(1)} ms among few, ${all.many.p99.toFixed(1)} ms among many`);
  const byFilter = filters.map((filter) => {
    const own = entries.filter((entry) => entry.filter === filter);
    const of = (size) => ({
      ...summarise(own.map((entry) => entry[size])),
      rows: own.reduce((sum, { rows }) => sum + rows[size], 0) / own.length,
    });
    return { filter, few: of("few"), many: of("many") };
  });
  return { all, byFilter };
}

function summarise(lists) {
  const sorted = lists.flat().sort((a, b) => a - b);
  return { n: sorted.length, p50: percentile(sorted, 50), p99: percentile(sorted, 99), most: sorted.at(-1) };
}

/** The same kind of page of MLflow's search: its order, its filters. */
export async function measureMlflowPages(mlflow, { say }) {
  const searches = ["", "name = 'seeded-big'", "tags.team = 'team-3'"];
  const times = [];
  for (let turn = 0; turn < 5; turn += 1)
    for (const filter of searches) {
      const query = new URLSearchParams({ max_results: String(pageSize), ...(filter === "" ? {} : { filter }) });
      const begun = performance.now();
      await get(mlflow, `/api/2.0/mlflow/model-versions/search?${query}`);
      times.push(performance.now() - begun);
    }
  const found = summarise([times]);
  say(`pages of MLflow: p50 ${found.p50.toFixed(1)} ms`);
  return { ...found, searches };
}

async function get({ port, key }, path) {
  const headers = key === null ? {} : { authorization: `Bearer ${key}` };
  const answer = await fetch(`http://127.0.0.1:${port}${path}`, { headers });
  if (!answer.ok) throw new Error(`${path}: ${answer.status} ${await answer.text()}`);
  return answer.json();
}

/** The tokens of pages spread over the whole list, found by walking it in large steps; undefined is the first page. */
async function tokensOf(system, kind) {
  const found = [undefined];
  for (let pageToken; ; ) {
    const { nextPageToken } = await get(system, pathOf({ ...kind, pageSize: 1000, pageToken }));
    if (nextPageToken === null) break;
    found.push(nextPageToken);
    pageToken = nextPageToken;
  }
  const step = Math.max(1, found.length / places);
  return Array.from({ length: Math.min(places, found.length) }, (_, index) => found[Math.floor(index * step)]);
}

function pathOf(input) {
  const given = Object.entries(input).filter(([, value]) => value !== undefined && value !== "");
  return `/api/v1/models?${new URLSearchParams(given)}`;
}
