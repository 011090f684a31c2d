import type { Route } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { TestServer } from "../server.ts";
import { inChromium, useBrowser } from "./browser.ts";
import { startWithSums } from "./small-model.ts";

const fail = (route: Route) =>
  route.fulfill({ status: 500, json: { error: { code: "internal", message: "It failed" } } });

inChromium("a page of which a part has no answer", () => {
  let server: TestServer;
  const browser = useBrowser();
  beforeAll(async () => {
    server = await startWithSums(1);
    await server.client.deployService({ name: "sums", models: ["sums"] });
  });
  afterAll(() => server?.remove());

  test("Home shows no zero for what is on its way, and says so when it cannot be had", async () => {
    const page = await browser.open(server);
    page.expectAnswer(500, "GET");
    let refuse = () => {};
    const waiting = new Promise<void>((resolve) => {
      refuse = resolve;
    });
    await page.route("**/api/v1/usage?*", async (route) => {
      await waiting;
      await fail(route);
    });
    await page.goto("/");
    const row = page.getByRole("row").filter({ hasText: "sums" });
    await row.waitFor();
    const figure = page.getByText("Requests, 24 h").first().locator("xpath=following-sibling::dd[1]");
    expect([await figure.innerText(), await row.getByText("…").count()]).toEqual(["…", 3]);
    refuse();
    await row.getByText("not known").first().waitFor();
    expect(await figure.innerText()).toBe("not known");
  });

  test("Monitor says of no service that nobody asks it while that is not known", async () => {
    const page = await browser.open(server);
    page.expectAnswer(500, "GET");
    await page.route("**/api/v1/usage?*", fail);
    await page.goto("/monitor");
    const row = page.getByRole("row").filter({ hasText: "sums" });
    await expect.poll(() => row.getByText("not known").count()).toBe(4);
  });

  test("a model is said to be live nowhere only when that is known", async () => {
    const page = await browser.open(server);
    page.expectAnswer(500, "GET");
    await page.route("**/api/v1/services?*", fail);
    await page.goto("/register/models/sums");
    await page.getByRole("group", { name: "Versions" }).getByText("not known").waitFor();
  });
});
