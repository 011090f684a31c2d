import axe from "axe-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { startServer, type TestServer } from "../server.ts";
import { inChromium, useBrowser, type WebPage } from "./browser.ts";
import { type Filled, startFilled } from "./filled.ts";
import { emptyPages, filledPages, notVisited } from "./pages.ts";
import { longWords } from "./words.ts";

/** What axe finds: the rule, and each element with the reason. */
const look = `axe.run(document, { resultTypes: ["violations"], preload: false }).then(({ violations }) => violations.map(({ id, nodes }) =>
  ({ id, nodes: nodes.slice(0, 5).map(({ html, failureSummary }) => html.slice(0, 200) + " " + failureSummary) })))`;
/** Elements that stick out of a page that is wider than the window, the innermost of them. */
const sticksOut = `document.documentElement.scrollWidth <= innerWidth ? [] : [...document.querySelectorAll("body *")]
  .filter((element) => element.getBoundingClientRect().right > innerWidth + 1 && ![...element.children]
    .some((child) => child.getBoundingClientRect().right > innerWidth + 1))
  .slice(0, 5).map((element) => element.outerHTML.slice(0, 200))`;

/** What sticks out of a page once it had the time to follow its window. */
async function outOf(page: WebPage): Promise<string[]> {
  let out = await page.evaluate<string[]>(sticksOut);
  for (const until = Date.now() + 5_000; out.length > 0 && Date.now() < until; ) {
    await page.waitForTimeout(100);
    out = await page.evaluate<string[]>(sticksOut);
  }
  return out;
}

/** Every page is loaded once, whatever else the machine does. */
const longMs = 600_000;

inChromium("the pages", () => {
  const browser = useBrowser();

  /** What is wrong with a page, in both colour schemes and on a phone. */
  async function wrongWith(page: WebPage, address: string) {
    const wrong: unknown[] = [];
    await page.setViewportSize({ width: 1280, height: 800 });
    await page.visit(address);
    await page.evaluate(axe.source);
    for (const scheme of ["light", "dark"] as const) {
      await page.emulateMedia({ colorScheme: scheme });
      await page.locator(`html[data-mantine-color-scheme="${scheme}"]`).waitFor();
      for (const found of await page.evaluate<unknown[]>(look)) wrong.push({ address, scheme, found });
    }
    await page.setViewportSize({ width: 360, height: 640 });
    for (const element of await outOf(page)) wrong.push({ address, at: "360 px", element });
    return wrong;
  }

  async function wrongOf(server: TestServer, addresses: readonly string[]): Promise<unknown[]> {
    const page = await browser.open(server);
    const wrong: unknown[] = [];
    for (const address of addresses) wrong.push(...(await wrongWith(page, address)));
    return wrong;
  }

  describe("of an empty server", () => {
    let server: TestServer;
    beforeAll(async () => {
      server = await startServer();
    });
    afterAll(() => server.remove());

    test(
      "axe finds nothing on any page in light and dark, and none scrolls sideways at 360 px",
      { timeout: longMs },
      async () => {
        expect(await wrongOf(server, emptyPages)).toEqual([]);
      },
    );
  });

  describe("of a server whose names have 200 letters of every script", () => {
    let server: TestServer;
    let filled: Filled;
    beforeAll(async () => {
      ({ server, filled } = await startFilled(longWords));
    });
    afterAll(() => server?.remove());

    test(
      "axe finds nothing on any page in light and dark, and none scrolls sideways at 360 px",
      { timeout: longMs },
      async () => {
        expect(await wrongOf(server, filledPages(filled))).toEqual([]);
      },
    );

    test("every route of the router is among these pages", () => {
      expect(notVisited(filledPages(filled))).toEqual([]);
    });
  });
});
