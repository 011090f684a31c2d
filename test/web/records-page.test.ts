import { afterAll, beforeAll, expect, test } from "vitest";
import { record } from "../monitor/recorded.ts";
import { startServer, type TestServer } from "../server.ts";
import { inChromium, useBrowser, type WebPage } from "./browser.ts";

const hour = 3_600_000;
const told = (from: number, count: number, at: number) =>
  Array.from({ length: count }, (_, place) => ({
    ...{ id: `request-${from + place}`, at: at + place, body: [place], answer: [place] },
    ...(place % 2 === 1 ? { status: 500 } : {}),
  }));

/** Of the row that has the focus its number, or what has it. */
const focused = `(document.activeElement.closest("tr") ?? document.activeElement).getAttribute("aria-rowindex") ?? document.activeElement.className`;
/** The first row that is wholly in sight, and how far the list is scrolled. */
const sight = `(() => {
  const box = document.querySelector(".records");
  const top = box.querySelector("thead").getBoundingClientRect().bottom;
  const row = [...box.querySelectorAll("tbody tr")].find((row) => row.getBoundingClientRect().top >= top - 1);
  return { offset: box.scrollTop, link: row.querySelector("a").getAttribute("href") };
})()`;

inChromium("captured records", () => {
  const browser = useBrowser();
  let server: TestServer;
  beforeAll(async () => {
    server = await startServer();
    await record(server, "digits", told(1, 400, Date.now() - hour));
  });
  afterAll(() => server.remove());

  async function open(address: string): Promise<WebPage> {
    const page = await browser.open(server);
    await page.visit(address);
    return page;
  }
  const list = (page: WebPage) => page.getByRole("region", { name: "Records" });
  async function turn(page: WebPage, pixels: number): Promise<void> {
    await list(page).hover();
    await page.mouse.wheel(0, pixels);
  }

  test("a focus goes through the rows one by one, down and up, and keys still scroll when its row is gone", async () => {
    const page = await open("/monitor/records");
    await list(page).focus();
    const passed: unknown[] = [];
    for (let step = 0; step < 45; step += 1) {
      await page.keyboard.press(step < 30 ? "Tab" : "Shift+Tab");
      passed.push(await page.evaluate(focused));
    }
    const down = Array.from({ length: 30 }, (_, place) => String(place + 2));
    expect(passed).toEqual([...down, ...down.slice(14, 29).reverse()]);
    await page.keyboard.press("End");
    await page.getByRole("link", { name: /./ }).and(page.locator('[href$="/request-1"]')).waitFor();
    expect(await page.evaluate(focused)).toContain("records");
  });

  test("a list that was left for one of its records is found where it stood", async () => {
    const page = await open("/monitor/records");
    await turn(page, 7000);
    // there is no such service to send it to again
    page.expectAnswer(404, "GET");
    await page.locator('[href$="/request-190"]').click();
    await page.getByRole("heading", { level: 1 }).filter({ hasText: "request-190" }).waitFor();
    await page.goBack();
    await page.locator('[href$="/request-190"]').waitFor();
    expect(await page.evaluate(sight)).toMatchObject({ offset: 7000 });
  });

  test("records that come meanwhile move no row; they are shown when asked for, and the list has the focus", async () => {
    const page = await open("/monitor/records?service=digits");
    await turn(page, 5000);
    await page.locator('[href$="/request-250"]').waitFor();
    const before = await page.evaluate(sight);
    await record(server, "digits", told(1001, 3, Date.now()));
    const more = page.getByRole("button", { name: "3 new" });
    await more.waitFor();
    expect(await page.evaluate(sight)).toEqual(before);
    await more.press("Enter");
    await page.locator('[href$="/request-1003"]').waitFor();
    expect(await page.evaluate(sight)).toEqual({ offset: 0, link: "/monitor/records/request-1003" });
    expect(await page.evaluate(focused)).toContain("records");
  });

  test("a filter of an address that is none is told with what it takes; what is no filter asks for nothing", async () => {
    const page = await browser.open(server);
    page.expectAnswer(400, "GET");
    await page.visit("/monitor/records?status=error");
    await page.getByRole("alert").getByText("status: is a status such as 500, or a class such as 5xx").waitFor();
    await page.getByRole("textbox", { name: "Status" }).fill("5xx");
    await page.locator('[href$="/request-400"]').waitFor();
    await page.visit("/monitor/records?status=5xx&from=letter");
    await page.locator('[href$="/request-400"]').waitFor();
    expect(new URL(page.url()).search).toBe("?status=5xx");
  });
});
