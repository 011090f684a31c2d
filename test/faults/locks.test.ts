import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { processStartTime } from "../../src/kernel/process-identity.ts";
import { startServer, stopHost, type TestServer } from "../server.ts";
import { eventually } from "./eventually.ts";
import { isFull, report, times } from "./fault-mode.ts";
import { processesOf, strayProcesses } from "./home-processes.ts";
import { type PackageIndex, startPackageIndex } from "./package-index.ts";
import { codeOf, post, script, uploaded } from "./scoring.ts";
import { spawnServer } from "./spawn-server.ts";

let server: TestServer;
let index: PackageIndex;
let hangFile: string;
let markFile: string;
beforeAll(async () => {
  const home = await mkdtemp(join(tmpdir(), "modelyard-"));
  hangFile = join(home, "hang");
  markFile = join(home, "hangs");
  index = await startPackageIndex(hangFile, markFile);
  server = await startServer({ home, env: index.env });
  await server.client.registerModel({ name: "base", files: [await uploaded(server.client, "base.txt", "base")] });
});
afterAll(async () => {
  index.close();
  await server.remove();
});

const echo = "def init(): pass\ndef run(raw): return raw\n";
const environments = () => {
  const folder = join(server.home, "environments");
  return existsSync(folder) ? readdirSync(folder) : [];
};
const parts = async (requirements: string, source = echo) => ({
  models: ["base"],
  script: await script(server.client, source),
  requirements,
});

test("a taken port: the second server ends with code 4 and names the process that holds it", async () => {
  const home = await mkdtemp(join(tmpdir(), "modelyard-"));
  try {
    const second = spawnServer(home, { port: Number(new URL(server.url).port) });
    expect(await second.exit).toBe(4);
    expect(second.stderr()).toContain(`(pid ${server.pid})`);
    const error = JSON.parse(readFileSync(join(home, "run", "server-error.json"), "utf8")) as { code: string };
    expect(error.code).toBe("port-taken");
    expect(processesOf(home)).toEqual([]);
  } finally {
    await stopHost(home);
    await rm(home, { recursive: true, force: true });
  }
});

test("a second server on the same home is refused, and the first one does not notice", async () => {
  const second = spawnServer(server.home);
  expect(await second.exit).toBe(4);
  expect(second.stderr()).toContain(`held by the server with pid ${server.pid}`);
  expect((await server.client.getModel({ name: "base" })).version).toBe(1);
});

test("of several servers that start at once on the home of a dead one, exactly one lives", async () => {
  const rounds = times(2, 20);
  const home = await mkdtemp(join(tmpdir(), "modelyard-"));
  try {
    for (let round = 1; round <= rounds; round += 1) {
      const started = [1, 2, 3, 4].map(() => spawnServer(home));
      let living = started.length;
      const codes: (number | null)[] = [];
      for (const { exit } of started)
        void exit.then((code) => {
          living -= 1;
          codes.push(code);
        });
      await eventually(60_000, async () => expect(living).toBe(1));
      expect(codes, `round ${round}: ${started.map(({ stderr }) => stderr()).join("\n")}`).toEqual([4, 4, 4]);
      await eventually(60_000, async () => {
        const { pid, url } = JSON.parse(readFileSync(join(home, "run", "server.json"), "utf8")) as {
          pid: number;
          url: string;
        };
        expect(started.map((one) => one.pid)).toContain(pid);
        expect((await fetch(`${url}/healthz`)).status).toBe(200);
      });
      for (const one of started) one.kill();
      await Promise.all(started.map(({ exit }) => exit));
    }
    report(`locks: ${rounds} times 4 servers at once on one home, each time one lived`);
  } finally {
    await stopHost(home);
    await rm(home, { recursive: true, force: true, maxRetries: 5 });
  }
});

test("several deploys of one name at once: one makes the service, the others are told that it is busy or there", async () => {
  const input = { name: "contended", auth: "none" as const, ...(await parts("")) };
  await server.client.buildImage(await parts(""));
  const codes = await Promise.all([1, 2, 3, 4].map(() => codeOf(server.client.deployService(input))));
  expect(codes.filter((code) => code === "no error")).toHaveLength(1);
  expect(codes.filter((code) => code === "service-busy" || code === "service-exists")).toHaveLength(3);
  const { state, revision, scoringUri } = await server.client.getService({ name: "contended" });
  expect([state, revision]).toEqual(["ready", 1]);
  expect((await post(scoringUri, "1")).status).toBe(200);
});

test("several builds of one image at once share one build of its environment and give one image", async () => {
  const input = await parts("slowpack>=1.0", "import slowpack\ndef init(): pass\ndef run(raw): return slowpack.told\n");
  const before = environments().length;
  const lines: string[][] = [[], [], []];
  const images = await Promise.all(
    lines.map((mine) =>
      server.client.buildImage(input, { onProgress: (event) => void (event.event === "log" && mine.push(event.line)) }),
    ),
  );
  expect(new Set(images.map(({ digest }) => digest)).size).toBe(1);
  expect(environments()).toHaveLength(before + 1);
  for (const mine of lines)
    expect(mine.filter((line) => /Successfully installed.*slowpack-1\.0/.test(line))).toHaveLength(1);
  const { scoringUri } = await server.client.deployService({
    name: "shared",
    image: images[0]?.digest ?? "",
    auth: "none",
  });
  expect((await post(scoringUri, "1")).text).toBe('"built"');
});

test("a requirement that does not exist is named with its line, and nothing of the environment stays", async () => {
  const before = environments();
  for (const line of isFull ? ["no-such-package-here", "slowpack==7.7"] : ["no-such-package-here"]) {
    const error = await server.client.buildImage(await parts(`# packages\n${line}\n`)).then(
      () => undefined,
      (thrown: { code: string; message: string }) => thrown,
    );
    expect(error?.code).toBe("package-not-found");
    expect(error?.message).toContain(line);
  }
  expect(environments()).toEqual(before);
});

test("a server killed while pip builds: after the restart nothing of the build runs or stays, and the same build then succeeds", async () => {
  const kills = times(1, 5);
  const before = environments();
  for (let kill = 1; kill <= kills; kill += 1) {
    writeFileSync(hangFile, "");
    await rm(markFile, { force: true });
    const building = codeOf(server.client.buildImage(await parts("slowpack")));
    await eventually(60_000, async () => expect(existsSync(markFile)).toBe(true));
    expect(environments()).toHaveLength(before.length + 1);
    const running = await strayProcesses(server.home, { pid: 0, client: server.client });
    expect(running.some(({ command }) => command.includes("pip"))).toBe(true);
    const grandchild = Number(readFileSync(markFile, "utf8"));
    expect(processStartTime(grandchild)).not.toBeNull();
    await server.kill();
    expect(await building).toBe("server-unreachable");
    server = await server.restart();
    await eventually(60_000, async () => expect(await strayProcesses(server.home, server)).toEqual([]));
    expect(processStartTime(grandchild), "what the build had started").toBeNull();
    expect(environments()).toEqual(before);
  }
  await rm(hangFile);
  expect((await server.client.buildImage(await parts("slowpack"))).manifest.environment?.lock).toEqual([
    "slowpack==1.0",
  ]);
  report(`locks: ${kills} kills while pip built, nothing left each time`);
});
