import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { Filled } from "./filled.ts";

/** Addresses of pages that need nothing to be there. */
export const emptyPages = [
  "/",
  "/register",
  "/register?filter=name%20%3D%20'nobody'",
  "/register/upload",
  "/register/compare",
  "/use",
  "/use/deploy",
  "/use/images",
  "/monitor",
  "/monitor/usage",
  "/monitor/records",
  "/monitor/alerts",
  "/monitor/labels",
  "/monitor/datasets",
  "/monitor/collections",
  "/update",
  "/settings",
  "/settings?tab=webhooks",
];

const tabsOf = (path: string, tabs: readonly string[]) => [path, ...tabs.map((tab) => `${path}?tab=${tab}`)];

/** Addresses of every page and tab of a filled server. */
export function filledPages(filled: Filled): string[] {
  const [model, other, record] = [filled.model, filled.other, filled.records[0] ?? ""].map(encodeURIComponent);
  return [
    ...emptyPages,
    ...[`/register/upload?model=${model}`, `/register/models/${model}`, `/register/models/${other}`],
    ...[`/register/models/${model}/1`, `/register/models/${model}/2`, `/register/models/${other}/1`],
    `/register/compare?a=${model}:1&b=${model}:2`,
    `/use/deploy?model=${model}:1`,
    ...tabsOf(`/use/services/${filled.service}`, ["try", "logs", "keys"]),
    ...tabsOf(`/use/services/${filled.script}`, ["try", "logs"]),
    "/use/services/sums?tab=try",
    `/use/images/${filled.image}`,
    `/monitor/records?service=${filled.service}`,
    ...[`/monitor/records/${record}`, "/monitor/records/request-1", "/monitor/records/request-text"],
    ...tabsOf(`/monitor/services/${filled.service}`, ["drift", "quality", "data", "profile", "rules"]),
    ...["/monitor/alerts/slow", "/monitor/alerts/quiet", `/monitor/collections/${filled.script}/inputs`],
    `/monitor/collections/${filled.script}/${encodeURIComponent(filled.collection)}`,
    `/monitor/datasets/${filled.dataset}`,
    `/update/services/${filled.service}`,
  ];
}

/** The routes of the router, as its files write them: `/register/models/$name`. */
function routes(): string[] {
  const folder = join(import.meta.dirname, "../../web/src/routes");
  return readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .flatMap(({ name }) => [...readFileSync(join(folder, name, "routes.ts"), "utf8").matchAll(/\bpath: "([^"]+)"/g)])
    .map(([, path]) => path ?? "");
}

/** Routes that none of the addresses leads to. */
export const notVisited = (addresses: readonly string[]): string[] =>
  routes().filter((route) => {
    const pattern = new RegExp(`^${route.replace(/\$\w+/g, "[^/]+")}$`);
    return !addresses.some((address) => pattern.test(address.split("?", 1)[0] ?? ""));
  });
