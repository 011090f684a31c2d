import { chmod, readFile, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type CommandLine, commandLine } from "../command-line.ts";
import { cli } from "./run-cli.ts";

let line: CommandLine;
beforeAll(async () => {
  line = await commandLine();
});
afterAll(() => line.remove());

const address = /^http:\/\/127\.0\.0\.1:\d+\/sign-in#myl_[\w-]{43}/;

test("open starts the server and prints an address that signs in", async () => {
  const { code, stdout, stderr } = await line.run(["open", "--no-browser", "monitor"]);
  expect([code, stdout]).toEqual([0, expect.stringMatching(address)]);
  expect(stdout.trim()).toMatch(/&to=\/monitor$/);
  expect(stderr).toContain("works once");
  const url = new URL(stdout.trim());
  const signIn = () =>
    fetch(`${url.origin}/session`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ code: url.hash.slice(1).split("&")[0] }),
    });
  expect([(await signIn()).status, (await signIn()).status]).toEqual([204, 401]);
});

test("the browser gets a file that only its owner can read, and no secret on its command line", async () => {
  const [bin, told] = [join(line.home, "xdg-open"), join(line.home, "told")];
  await writeFile(bin, `#!/bin/sh\nprintf '%s' "$*" > ${told}.tmp && mv ${told}.tmp ${told}\n`);
  await chmod(bin, 0o755);
  const env = { DISPLAY: ":99", PATH: `${line.home}:${process.env.PATH}`, WSL_DISTRO_NAME: "", WAYLAND_DISPLAY: "" };
  const { code, stdout, stderr } = await line.run(["open"], { env });
  expect([code, stdout, stderr]).toEqual([0, expect.stringMatching(address), expect.stringContaining("Opening")]);
  for (let waited = 0; waited < 30_000 && (await stat(told).catch(() => undefined)) === undefined; waited += 20)
    await sleep(20);
  const file = await readFile(told, "utf8");
  expect(file).toBe(join(line.home, "modelyard", "run", "open.html"));
  expect((await stat(file)).mode & 0o777).toBe(0o600);
  expect(await readFile(file, "utf8")).toContain(`url=${stdout.trim()}"`);
});

test("without a desktop it prints the address only", async () => {
  const env = { DISPLAY: "", WAYLAND_DISPLAY: "", WSL_DISTRO_NAME: "" };
  const { stdout } = await line.run(["open", "--json"], { env });
  expect(JSON.parse(stdout)).toMatchObject({ url: expect.stringMatching(address), opened: false });
});

test.each([
  "//evil.example",
  "https://evil.example",
  "a b",
])("the page %s is refused before a server is asked", async (page) => {
  const { exitCode, stderr } = await cli(["open", page]);
  expect([exitCode, stderr]).toEqual([2, expect.stringContaining("page: is a path of the web pages")]);
});
