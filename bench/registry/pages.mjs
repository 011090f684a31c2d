// Pages of a search among many versions, each kind of filter and order that docs/guide/registry.md calls fast, at many places of the list.
import { percentile } from "../statistics.mjs";

const pageSize = 100;
/** Places in a list whose pages are asked for. */
const places = 40;

const orders = ["created_at", "updated_at", "name", "version"].flatMap((column) => [`${column} DESC`, `${column} ASC`]);
const filters = (count) => [
  "",
  "name = 'seeded-big'",
  "framework = 'XGBoost'",
  "stage = 'Production'",
  "created_by = 'person-7'",
  "tags.team = 'team-3'",
  "tags.phase = 'first'",
  `tags.ticket = 'T-${count >> 1}'`,
  "properties.seed = '7'",
  "metrics.accuracy > 0.5",
  "metrics.accuracy > 0.9999",
  "alias = 'champion'",
  "live = 'true'",
  "live_on = 'service-0'",
  `run_id = '${(count >> 1).toString(16).padStart(32, "0")}'`,
  `source = 'runs:/${count >> 1}/model'`,
  `digest = '${(count >> 1).toString(16).padStart(64, "0")}'`,
  "metrics.accuracy > 0.5 AND framework = 'XGBoost'",
];

/** Milliseconds of every page asked for, by filter and order; `get` asks a server for a path and gives its JSON. */
export async function measurePages({ get }, count, { say }) {
  const kinds = filters(count).flatMap((filter) => orders.map((orderBy) => ({ filter, orderBy })));
  const entries = [];
  for (const kind of kinds) {
    const tokens = await tokensOf(get, kind);
    const times = [];
    for (let turn = 0; turn < places; turn += 1) {
      const begun = performance.now();
      await get(pathOf({ ...kind, pageSize, pageToken: tokens[turn % tokens.length] }));
      times.push(performance.now() - begun);
    }
    entries.push({ ...kind, times });
  }
  const all = entries.flatMap(({ times }) => times).sort((a, b) => a - b);
  say(
    `pages of ${count}: ${all.length}, p50 ${percentile(all, 50).toFixed(1)} ms, p99 ${percentile(all, 99).toFixed(1)} ms`,
  );
  const slowest = entries
    .map(({ times, ...kind }) => ({ ...kind, ms: [...times].sort((a, b) => a - b)[times.length >> 1] }))
    .sort((a, b) => b.ms - a.ms);
  return {
    n: all.length,
    p50: percentile(all, 50),
    p99: percentile(all, 99),
    most: all.at(-1),
    slowest: slowest.slice(0, 3),
  };
}

/** The tokens of pages spread over the whole list, found by walking it in large steps; undefined is the first page. */
async function tokensOf(get, kind) {
  const found = [undefined];
  for (let pageToken; ; ) {
    const { nextPageToken } = await get(pathOf({ ...kind, pageSize: 1000, pageToken }));
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
