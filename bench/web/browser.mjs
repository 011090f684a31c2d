// Chromium as a user's, signed in, that tells how its frames went.
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { chromium } from "playwright-core";

const executablePath = process.env.MODELYARD_TEST_CHROMIUM ?? "/usr/bin/chromium";
const args = [
  ...["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"],
  ...["--disable-background-networking", "--disable-component-update", "--disable-sync"],
];

export const launch = () => chromium.launch({ executablePath, args });

/** A running server of a home: its URL, and a way to ask it. */
export async function serverOf(home) {
  const { url } = JSON.parse(await readFile(join(home.folder, "run", "server.json"), "utf8"));
  const token = (await readFile(join(home.folder, "admin-token"), "utf8")).trim();
  return {
    url,
    async ask(method, path, body) {
      const answer = await fetch(`${url}/api/v1/${path}`, {
        method,
        headers: { authorization: `Bearer ${token}`, "content-type": "application/json" },
        body: body === undefined ? undefined : JSON.stringify(body),
      });
      if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${await answer.text()}`);
      return answer.json();
    },
  };
}

/** The cookies of a browser that followed a one-time link; a new context with them is signed in and has nothing cached. */
export async function signIn(browser, server) {
  const context = await browser.newContext();
  const page = await context.newPage();
  const { url } = await server.ask("POST", "sign-in-links", {});
  await page.goto(url);
  await page.getByRole("heading", { level: 1, name: "Home" }).waitFor();
  const state = await context.storageState();
  await context.close();
  return state;
}

export async function openPage(browser, server, storageState) {
  const context = await browser.newContext({
    baseURL: server.url,
    storageState,
    viewport: { width: 1280, height: 800 },
  });
  const page = await context.newPage();
  await page.addInitScript(
    "window.longTasks = []; new PerformanceObserver((list) => longTasks.push(...list.getEntries().map(({ startTime, duration }) => ({ startTime, duration })))).observe({ type: 'longtask', buffered: true });",
  );
  return page;
}

/** Runs `work` on a page; gives the times between frames and the tasks of more than 50 ms (Long Tasks API) meanwhile, in ms. */
export async function watchFrames(page, work) {
  await page.evaluate(
    "window.frames_ = []; window.watching = true; longTasks.length = 0; (function next(last) { requestAnimationFrame((now) => { if (last !== undefined) frames_.push(now - last); if (watching) next(now); }); })();",
  );
  await work();
  await page.evaluate("watching = false");
  return page.evaluate("({ frames: frames_, longTasks: longTasks.map(({ duration }) => duration) })");
}
