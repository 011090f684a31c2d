import { afterAll, beforeAll, expect, test } from "vitest";
import { freePort } from "../free-port.ts";
import { startServer, type TestServer } from "../server.ts";
import { inChromium, useBrowser } from "./browser.ts";

inChromium("while the server is away", () => {
  const browser = useBrowser();
  let server: TestServer;
  beforeAll(async () => {
    server = await startServer({ env: { MODELYARD_PORT: String(await freePort()) } });
  });
  afterAll(() => server.remove());

  test("a page stays as it is, tells so, and goes where it was told to when the server is back", async () => {
    const page = await browser.open(server);
    const asked = page.waitForEvent("requestfailed", (request) => request.url().includes("/assets/"));
    await server.kill();
    await page.getByRole("link", { name: "Register", exact: true }).click();
    await asked;
    await page.getByText("Reconnecting").waitFor();
    expect(await page.getByRole("heading", { level: 1 }).innerText()).toBe("Home");
    server = await server.restart();
    await server.client.createModel({ name: "made-meanwhile" });
    await page.getByRole("heading", { level: 1, name: "Models" }).waitFor();
    await page.getByRole("link", { name: "made-meanwhile" }).waitFor();
    await page.getByText("Reconnecting").waitFor({ state: "hidden" });
  });
});
