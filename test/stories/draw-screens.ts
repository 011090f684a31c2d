import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import type { WebPage } from "../web/browser.ts";
import type { Filled } from "../web/filled.ts";

const folder = join(import.meta.dirname, "../../docs/screens");

/** Draws the pages that the README and the guide show, as docs/screens/<name>.png; `rows` are what is tried. */
export async function drawScreens(page: WebPage, filled: Filled, rows: number[][]): Promise<void> {
  const service = filled.service;
  const addresses = {
    home: "/",
    models: "/register",
    version: `/register/models/${filled.model}/2`,
    compare: `/register/compare?a=${filled.model}:1&b=${filled.model}:2`,
    service: `/use/services/${service}`,
    try: "/use/services/digits?tab=try",
    monitor: "/monitor",
    records: `/monitor/records?service=${service}`,
    record: `/monitor/records/${filled.records[1]}`,
    drift: `/monitor/services/${service}?tab=drift`,
    revisions: `/update/services/${service}`,
  };
  await mkdir(folder, { recursive: true });
  await page.setViewportSize({ width: 1280, height: 800 });
  for (const [name, address] of Object.entries(addresses)) {
    await page.visit(address);
    if (name === "try") {
      await page.getByRole("textbox", { name: "Rows" }).fill(JSON.stringify(rows));
      await page.getByRole("button", { name: "Send" }).click();
      await page.getByText("Status 200").waitFor();
    }
    // charts are drawn once their place has a size
    await page.waitForTimeout(500);
    await page.screenshot({ path: join(folder, `${name}.png`) });
  }
}
