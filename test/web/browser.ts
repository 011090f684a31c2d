import { accessSync } from "node:fs";
import { mkdir } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Browser, type BrowserContext, chromium, type Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, describe } from "vitest";
import { makeClient } from "../../src/client/client.ts";
import type { Role } from "../../src/contract/roles.ts";
import type { TestServer } from "../server.ts";

/** Chromium as it is found: by MODELYARD_TEST_CHROMIUM, or where systems put it. */
const places = [
  process.env.MODELYARD_TEST_CHROMIUM ?? "",
  ...["chromium", "chromium-browser", "google-chrome-stable", "google-chrome"].map((name) => `/usr/bin/${name}`),
].filter((path) => path !== "");

const program = places.find((path) => {
  try {
    accessSync(path);
    return true;
  } catch {
    return false;
  }
});

/** What a browser must not do on the machines of tests: leave them, or wait for a graphics card. */
const launchArguments = [
  ...["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"],
  ...["--disable-background-networking", "--disable-component-update", "--disable-sync"],
];

/** A machine of tests is slow at times, not wrong. */
const patienceMs = 30_000;

/** Tests in a real Chromium; without one they are skipped, and their title says why. */
export function inChromium(title: string, tests: () => void): void {
  const reason = `skipped: there is no Chromium at ${places.join(", ")}`;
  describe.skipIf(program === undefined)(program === undefined ? `${title} (${reason})` : title, tests);
}

/** What pages ask to learn that something is not there. */
const questions: [answer: string, path: RegExp][] = [
  ["401 GET", /\/api\/v1\/session$/],
  ["404 GET", /\/api\/v1\/services\/[^/]+\/drift(\?|$)/],
];

/** A server that runs, however it was started. */
type AnyServer = Pick<TestServer, "url" | "token" | "client">;

export interface OpenOptions {
  /** Who is signed in: the administrator when it is not said. */
  role?: Role;
  width?: number;
  scheme?: "light" | "dark";
  /** Nobody is signed in. */
  signedOut?: boolean;
}

export interface WebPage extends Page {
  /** The page at a path of the server, when all that it asks for is there. */
  visit(path: string): Promise<void>;
  /** Waits until nothing is asked for and nothing is on its way. */
  settle(): Promise<void>;
  /** From here on answers of this status to this method are meant: `409 DELETE`. */
  expectAnswer(status: number, method: string): void;
}

/**
 * One browser for the tests of a file. What a page says on its console as an error, throws, asks against its content security policy, or
 * is answered with 400 and more, fails the test in which it happens; of a test that fails every page is drawn.
 */
export function useBrowser(): { open(server: AnyServer, options?: OpenOptions): Promise<WebPage> } {
  let browser: Browser | undefined;
  const opened: { page: Page; problems: string[] }[] = [];
  beforeAll(async () => {
    browser = await chromium.launch({ executablePath: program, args: launchArguments });
  });
  afterEach(async ({ task }) => {
    const problems = opened.flatMap(({ problems }) => problems.splice(0));
    if (problems.length === 0 && task.result?.state !== "fail") return;
    const drawn = await drawAll(
      opened.map(({ page }) => page),
      task.name,
    );
    throw new Error([...problems, `The pages are drawn in ${drawn}`].join("\n"));
  });
  afterAll(() => browser?.close());
  return {
    async open(server, { role = "admin", width = 1280, scheme = "light", signedOut = false } = {}) {
      if (browser === undefined) throw new Error("the browser is launched before the tests");
      const context = await browser.newContext({
        baseURL: server.url,
        viewport: { width, height: 800 },
        colorScheme: scheme,
        reducedMotion: "reduce",
      });
      context.setDefaultTimeout(patienceMs);
      const problems: string[] = [];
      const page = await watchedPage(context, problems);
      opened.push({ page, problems });
      if (!signedOut) await signIn(page, server, role);
      return page;
    },
  };
}

/** Signs a page in as somebody with this role does: by the one-time link. */
async function signIn(page: WebPage, server: AnyServer, role: Role): Promise<void> {
  const asRole =
    role === "admin" ? server.client : makeClient({ ...server, token: await tokenOf(server, role), fetch });
  const { url } = await asRole.createSignInLink({});
  await page.goto(url);
  await page.getByRole("heading", { level: 1, name: "Home" }).waitFor();
  await page.settle();
}

const tokenOf = async (server: AnyServer, role: Role) =>
  (await server.client.createToken({ name: `web-${role}`, role })).token;

async function watchedPage(context: BrowserContext, problems: string[]): Promise<WebPage> {
  const meant: string[] = [];
  await context.exposeBinding("__problem", (_source, text: string) => problems.push(text));
  await context.addInitScript({
    content: `addEventListener("securitypolicyviolation", (event) =>
      __problem("content security policy: " + event.violatedDirective + " " + event.blockedURI + " " + event.sample + " on " + location.pathname));`,
  });
  const page = await context.newPage();
  const asked = new Set<unknown>();
  page.on("request", (request) => {
    if (request.resourceType() !== "eventsource") asked.add(request);
  });
  page.on("requestfinished", (request) => asked.delete(request));
  page.on("requestfailed", (request) => asked.delete(request));
  page.on("pageerror", (error) => problems.push(`thrown on ${page.url()}: ${error.message}`));
  page.on("console", (message) => {
    // an answer of 400 and more is looked at below
    if (message.type() === "error" && !message.text().startsWith("Failed to load resource"))
      problems.push(`console of ${page.url()}: ${message.text()}`);
  });
  page.on("response", (response) => {
    if (response.status() < 400) return;
    const what = `${response.status()} ${response.request().method()}`;
    const isQuestion = questions.some(([answer, path]) => answer === what && path.test(response.url()));
    if (!isQuestion && !meant.includes(what)) problems.push(`${what} ${response.url()} on ${page.url()}`);
  });
  const settle = async () => {
    await page.locator("h1").first().waitFor();
    for (let quiet = 0; quiet < 3; ) {
      await page.waitForTimeout(50);
      quiet = asked.size === 0 && (await page.locator('[aria-busy="true"]').count()) === 0 ? quiet + 1 : 0;
    }
  };
  return Object.assign(page, {
    settle,
    async visit(path: string) {
      await page.goto(path);
      await settle();
    },
    expectAnswer(status: number, method: string) {
      meant.push(`${status} ${method}`);
    },
  });
}

/** Draws pages as they stand; gives the folder. */
async function drawAll(pages: Page[], name: string): Promise<string> {
  const folder = join(tmpdir(), "modelyard-failed-pages");
  await mkdir(folder, { recursive: true });
  const base = name.replace(/\W+/g, "-").slice(0, 80);
  await Promise.all(
    pages.map((page, index) =>
      page.screenshot({ path: join(folder, `${base}-${index}.png`), fullPage: true }).catch(() => undefined),
    ),
  );
  return folder;
}
