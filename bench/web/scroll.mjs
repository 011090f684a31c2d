// A long table under a turned wheel, and a large registry under typed letters.
import { setTimeout as sleep } from "node:timers/promises";
import { percentile, summary } from "../statistics.mjs";
import { openPage, watchFrames } from "./browser.mjs";

/** Turns the wheel down the records until the last stands there, then up and down at the end. */
export async function measureScroll(browser, server, session, { records, say }) {
  const page = await openPage(browser, server, session);
  await page.goto("/monitor/records");
  await page.locator('a[href^="/monitor/records/"]').first().waitFor();
  await page.mouse.move(640, 500);
  const begun = performance.now();
  let reached = 0;
  const { frames, longTasks } = await watchFrames(page, async () => {
    for (let turns = 0; reached < records && turns < 20_000; turns += 1) {
      await page.mouse.wheel(0, 3000);
      if (turns % 20 === 0) reached = await rowsOf(page);
    }
  });
  const down = { ...framesOf(frames, longTasks), reached, seconds: (performance.now() - begun) / 1000 };
  say(`scroll: ${reached} rows, p95 frame ${down.p95.toFixed(1)} ms, longest task ${down.longestTask.toFixed(0)} ms`);
  const loaded = await watchFrames(page, async () => {
    for (let turn = 0; turn < 300; turn += 1) {
      await page.mouse.wheel(0, turn % 60 < 30 ? -2000 : 2000);
      await sleep(10);
    }
  });
  await page.context().close();
  return { down, loaded: framesOf(loaded.frames, loaded.longTasks) };
}

/** The number of the lowest row that is drawn; the head is the first. */
const rowsOf = (page) =>
  page.evaluate("Math.max(...[...document.querySelectorAll('[aria-rowindex]')].map((row) => row.ariaRowIndex)) - 1");

function framesOf(frames, longTasks) {
  const sorted = [...frames].sort((a, b) => a - b);
  return {
    frames: frames.length,
    p50: percentile(sorted, 50),
    p95: percentile(sorted, 95),
    longest: sorted.at(-1),
    longTasks: longTasks.length,
    longestTask: Math.max(0, ...longTasks),
  };
}

/** Types words letter by letter into the search of models; the time from each letter until its result stands there. */
export async function measureSearch(browser, server, session, { words, say }) {
  const page = await openPage(browser, server, session);
  await page.goto("/register");
  const field = page.getByRole("main").getByRole("searchbox").or(page.getByRole("main").getByRole("textbox")).first();
  await field.waitFor();
  const toResult = [];
  const { frames, longTasks } = await watchFrames(page, async () => {
    for (const word of words) {
      await searched(page, () => field.fill(""));
      for (const letter of word) {
        const begun = performance.now();
        await searched(page, () => field.press(letter));
        toResult.push(performance.now() - begun);
      }
    }
  });
  await page.context().close();
  const result = { ...framesOf(frames, longTasks), toResult: summary(toResult), letters: toResult.length };
  say(`search: ${result.toResult.median.toFixed(0)} ms to a result, longest task ${result.longestTask.toFixed(0)} ms`);
  return result;
}

/** Does something that asks for models; ends when that is answered and drawn, or after a while when nothing had to be asked. */
async function searched(page, act) {
  const answer = page.waitForResponse((response) => response.url().includes("/api/v1/model"), { timeout: 3000 });
  await Promise.all([answer.catch(() => undefined), act()]);
  await page.evaluate("new Promise((drawn) => requestAnimationFrame(() => requestAnimationFrame(drawn)))");
}
