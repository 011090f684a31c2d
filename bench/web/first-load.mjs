// What a browser that was never here before loads, and how soon it shows something.
import { readdir, stat } from "node:fs/promises";
import { join } from "node:path";
import { root } from "../home.mjs";
import { summary } from "../statistics.mjs";
import { openPage } from "./browser.mjs";

/** `rounds` visits of Home with nothing cached: bytes of JavaScript, times in ms since the address was asked for. */
export async function measureFirstLoad(browser, server, session, { rounds, say }) {
  const visits = [];
  for (let round = 0; round < rounds; round += 1) visits.push(await visit(browser, server, session));
  const [{ scripts, transferred }] = visits;
  const result = {
    scripts: scripts.length,
    transferred,
    gzip: await gzipOf(scripts),
    all: await gzipOf((await readdir(join(root, "dist", "web", "assets"))).filter((name) => name.endsWith(".js"))),
    content: summary(visits.map(({ contentMs }) => contentMs)),
    heading: summary(visits.map(({ headingMs }) => headingMs)),
    complete: summary(visits.map(({ completeMs }) => completeMs)),
  };
  say(`first load: ${result.gzip} bytes of JavaScript, content after ${result.content.median.toFixed(0)} ms`);
  return result;
}

async function visit(browser, server, session) {
  const page = await openPage(browser, server, session);
  const network = await page.context().newCDPSession(page);
  await network.send("Network.enable");
  const scripts = new Map();
  let transferred = 0;
  network.on("Network.responseReceived", ({ requestId, type, response }) => {
    if (type === "Script") scripts.set(requestId, new URL(response.url).pathname.split("/").at(-1));
  });
  network.on("Network.loadingFinished", ({ requestId, encodedDataLength }) => {
    if (scripts.has(requestId)) transferred += encodedDataLength;
  });
  await page.goto("/");
  await page.getByRole("heading", { level: 1 }).waitFor();
  const headingMs = await page.evaluate("performance.now()");
  await page.locator("[aria-busy=true]").first().waitFor({ state: "detached" });
  const completeMs = await page.evaluate("performance.now()");
  const contentMs = await page.evaluate("performance.getEntriesByName('first-contentful-paint')[0].startTime");
  await page.waitForTimeout(500);
  await page.context().close();
  return { scripts: [...scripts.values()], transferred, contentMs, headingMs, completeMs };
}

async function gzipOf(names) {
  const sizes = await Promise.all(names.map((name) => stat(join(root, "dist", "web", "assets", `${name}.gz`))));
  return sizes.reduce((sum, { size }) => sum + size, 0);
}
