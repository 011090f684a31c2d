import { stat } from "node:fs/promises";
import { basename, join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { startServer, type TestServer } from "../server.ts";
import { inChromium, useBrowser } from "./browser.ts";

const assets = join(import.meta.dirname, "../../dist/web/assets");

inChromium("the first load", () => {
  const browser = useBrowser();
  let server: TestServer;
  beforeAll(async () => {
    server = await startServer();
  });
  afterAll(() => server.remove());

  test("of Home is at most 250 kB of JavaScript as gzip", async () => {
    const page = await browser.open(server);
    const scripts = new Set<string>();
    page.on("request", (request) => {
      if (request.resourceType() === "script") scripts.add(basename(new URL(request.url()).pathname));
    });
    await page.visit("/");
    const sizes = await Promise.all([...scripts].map((name) => stat(join(assets, `${name}.gz`))));
    expect(scripts.size).toBeGreaterThan(0);
    expect(sizes.reduce((sum, { size }) => sum + size, 0)).toBeLessThanOrEqual(250_000);
  });
});
