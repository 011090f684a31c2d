import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from "vitest";
import { makeClient } from "../../src/client/client.ts";
import { type CommandLine, commandLine } from "../command-line.ts";
import type { TestServer } from "../server.ts";
import { inChromium, useBrowser, type WebPage } from "../web/browser.ts";
import { dropFiles } from "../web/drop-files.ts";
import { fill } from "../web/filled.ts";
import { believable } from "./believable.ts";
import { drawScreens } from "./draw-screens.ts";

const model = join(import.meta.dirname, "../../examples/digits/model.pkl");
/** The pixels of a seven. */
const sampleRows = async (): Promise<number[][]> =>
  JSON.parse(await readFile(join(model, "../sample.json"), "utf8")).data.slice(0, 1);
/** An environment is built as a user's is. */
const longMs = 300_000;

inChromium("somebody who never types a command but `open`", () => {
  const browser = useBrowser();
  let line: CommandLine;
  let page: WebPage;
  let server: Pick<TestServer, "home" | "url" | "token" | "client">;
  beforeAll(async () => {
    line = await commandLine();
  });
  afterAll(() => line.remove());

  // a step stands on those before it
  let isLost = false;
  beforeEach((context) => context.skip(isLost, "a step before it failed"));
  afterEach(({ task }) => {
    isLost ||= task.result?.state === "fail";
  });

  const heading = (name: string | RegExp) => page.getByRole("heading", { level: 1, name });
  const button = (name: string, within = page.locator("body")) => within.getByRole("button", { name, exact: true });
  const step = (name: string) => page.getByRole("navigation").getByRole("link", { name, exact: true }).click();

  test("is signed in by the link, once, and sees what fills an empty server", async () => {
    const { stdout } = await line.run(["open", "--no-browser"], {
      env: { MODELYARD_ALLOW_PRIVATE_WEBHOOKS: "1" },
    });
    const link = stdout.trim();
    const home = join(line.home, "modelyard");
    const token = (await readFile(join(home, "admin-token"), "utf8")).trim();
    const { url } = JSON.parse(await readFile(join(home, "run", "server.json"), "utf8"));
    server = { home, url, token, client: makeClient({ url, token, fetch }) };
    page = await browser.open(server, { signedOut: true });
    await page.goto(link);
    await heading("Home").waitFor();
    await expect.poll(() => page.getByRole("main").innerText()).toContain("modelyard up");
    expect(page.url()).toBe(`${url}/`);
    const other = await browser.open(server, { signedOut: true });
    other.expectAnswer(401, "POST");
    await other.goto(link);
    await other.getByRole("alert").getByText("sign-in-link-used").waitFor();
    await other.close();
  });

  const upload = async () => {
    await dropFiles(page, page.getByText("Drop a model here"), [model]);
    await page.getByText("All bytes are on the server.").waitFor();
    await button("Register").click();
  };

  test("registers a model by dropping its file", async () => {
    await step("Register");
    await page.getByRole("link", { name: "Upload", exact: false }).first().click();
    await heading("Upload a model").waitFor();
    await dropFiles(page, page.getByText("Drop a model here"), [model]);
    await page.getByText("All bytes are on the server.").waitFor();
    await page.getByRole("textbox", { name: "Name", exact: true }).fill("digits");
    await button("Register").click();
    await heading(/digits:1/).waitFor();
  });

  test("deploys it, and watches how that goes until it is ready", { timeout: longMs }, async () => {
    await page.getByRole("link", { name: "Deploy", exact: true }).click();
    await heading("Deploy a service").waitFor();
    await button("Deploy").click();
    await heading("digits").waitFor({ timeout: longMs });
    await page.getByText("ready", { exact: true }).first().waitFor();
  });

  let requestId: string;
  test("tries it with the pixels of a seven", async () => {
    await page.getByRole("tab", { name: "Try it" }).click();
    await page.getByRole("textbox", { name: "Rows" }).fill(JSON.stringify(await sampleRows()));
    await button("Send").click();
    await page.getByText("Status 200").waitFor();
    const answer = page.getByRole("group", { name: "Answer" }).getByRole("cell");
    expect(await answer.allInnerTexts()).toEqual(["1", "7"]);
    const link = page.getByRole("link", { name: "its record" });
    requestId = decodeURIComponent((await link.getAttribute("href"))?.split("/").at(-1) ?? "");
  });

  test("sees the record of it, with what was sent, what was answered and what made it", async () => {
    await step("Monitor");
    await page.getByRole("link", { name: "Records", exact: true }).click();
    // it arrives by itself
    await page.locator(`a[href="/monitor/records/${requestId}"]`).first().click();
    await page.settle();
    const text = await page.getByRole("main").innerText();
    for (const words of ["digits:1", "200", "[7]"]) expect(text).toContain(words);
  });

  test(
    "registers a second version, and updates the service to it after seeing the plan",
    { timeout: longMs },
    async () => {
      await page.visit("/register/models/digits");
      await page.getByRole("link", { name: /Upload/ }).click();
      await upload();
      await heading(/digits:2/).waitFor();
      await step("Update");
      await page.getByRole("link", { name: "digits", exact: true }).first().click();
      await heading("Revisions of digits").waitFor();
      await button("Update").click();
      await page.getByLabel("Versions").first().click();
      await page.getByRole("option", { name: "digits:2" }).click();
      await page.getByLabel("Reason").fill("the second one");
      await button("Show what would change").click();
      const plan = page.getByRole("dialog");
      await plan.getByText("digits:1").waitFor();
      expect(await plan.innerText()).toContain("no request is lost");
      await button("Update", plan).click();
      await page.getByRole("heading", { name: "Revision 2 answers" }).waitFor({ timeout: longMs });
      expect(await page.getByRole("main").innerText()).toContain("the second one");
    },
  );

  test("rolls back, knowing what that means", { timeout: longMs }, async () => {
    await button("Roll back").first().click();
    const dialog = page.getByRole("dialog");
    await dialog.getByText("The image and the settings of revision 1 answer again").waitFor();
    await button("Roll back", dialog).click();
    await page.getByRole("heading", { name: "Revision 3 answers" }).waitFor({ timeout: longMs });
    await page.getByRole("main").getByText("digits:1").first().waitFor();
  });

  test("is refused a deletion of the version that serves, in words with a way out", async () => {
    await page.visit("/register/models/digits/1");
    await button("Delete").click();
    const dialog = page.getByRole("dialog");
    await dialog.getByText("It runs now in:").waitFor();
    page.expectAnswer(409, "DELETE");
    await button("Delete", dialog).click();
    const alert = dialog.getByRole("alert");
    await alert.waitFor();
    expect(await alert.innerText()).toMatch(/is in use by digits[\s\S]*version-in-use/);
  });

  if (process.env.MODELYARD_SCREENS === "1")
    test("draws the pages of the guide", { timeout: longMs }, async () => {
      const amounts = { service: "credit-risk", script: "support-intents", requests: 900 };
      await drawScreens(page, await fill(server, believable, amounts), await sampleRows());
    });

  test("signs out, and nothing is shown any more", async () => {
    await page.visit("/");
    await page.getByRole("button", { name: /^Account/ }).click();
    await page.getByRole("menuitem", { name: "Sign out" }).click();
    await heading("Sign in to Modelyard").waitFor();
    await page.visit("/register/models/digits");
    expect(await page.getByRole("main").innerText()).not.toContain("digits");
  });
});
