import { afterAll, beforeAll, expect, test } from "vitest";
import type { TestServer } from "../server.ts";
import { inChromium, useBrowser, type WebPage } from "./browser.ts";
import { startWithSums } from "./small-model.ts";

/** Whether the focus is in the open dialog, and else on what. */
const focused = `(() => {
  const element = document.activeElement;
  return element.closest("[role=dialog]") ? "dialog" : element.getAttribute("aria-label") ?? element.textContent.trim();
})()`;

inChromium("by the keyboard", () => {
  let server: TestServer;
  const browser = useBrowser();
  beforeAll(async () => {
    server = await startWithSums(1);
    await server.client.deployService({ name: "sums", models: ["sums"] });
    await server.client.updateService({ name: "sums", timeoutMs: 1000 });
  });
  afterAll(() => server?.remove());

  /** Presses a key on a button: a dialog opens with the focus in it, Escape closes it, and the focus is back. */
  async function opensAndReturns(page: WebPage, name: string | RegExp) {
    const button = page.getByRole("button", { name }).first();
    await button.focus();
    const before = await page.evaluate(focused);
    await page.keyboard.press("Enter");
    await expect.poll(() => page.evaluate(focused), { timeout: 30_000 }).toBe("dialog");
    await page.keyboard.press("Escape");
    await expect.poll(() => page.evaluate(focused), { timeout: 30_000 }).toBe(before);
    await page.getByRole("dialog").waitFor({ state: "detached" });
  }

  test("a dialog takes the focus, Escape closes it and gives the focus back to what opened it", async () => {
    const page = await browser.open(server);
    await page.visit("/update/services/sums");
    for (const name of ["Search", "Roll back", "Roll back to revision 1"]) await opensAndReturns(page, name);
    await page.visit("/register/models/sums/1");
    for (const name of ["Archive", "Delete", "Set stage", "Add property"]) await opensAndReturns(page, name);
  });

  test("? opens the list of keys and / the search; closed, the focus is on the heading when it was on nothing", async () => {
    const page = await browser.open(server);
    await page.visit("/use");
    for (const key of ["?", "/"]) {
      await page.evaluate("document.activeElement.blur()");
      await page.keyboard.press(key);
      await expect.poll(() => page.evaluate(focused), { timeout: 30_000 }).toBe("dialog");
      await page.keyboard.press("Escape");
      await expect.poll(() => page.evaluate(focused), { timeout: 30_000 }).toBe("Services");
    }
  });
});
