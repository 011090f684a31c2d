import { spawn } from "node:child_process";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { makeClient } from "../../src/client/client.ts";
import { downloadBytes } from "../../src/client/files/download.ts";
import { hashFiles } from "../../src/client/files/local-files.ts";
import { uploadMissing } from "../../src/client/files/upload.ts";
import { sha256 } from "../../src/kernel/hash.ts";
import { startServer, type TestServer } from "../server.ts";
import { type CuttingProxy, cuttingProxy } from "./cutting-proxy.ts";
import { report, times } from "./fault-mode.ts";
import { makeRandom } from "./random.ts";

const cuts = times(10, 50);
const size = times(24, 120) << 20;
const seed = Number(process.env.MODELYARD_SEED ?? Date.now() % 1_000_000);
const random = makeRandom(seed);
const program = new URL("../../dist/cli.js", import.meta.url).pathname;

/** What a server holds in memory, its sockets too, when it is killed. */
const heldInMemory = 8 << 20;
/** Heads of requests and answers, and what one read of a socket brings. */
const heldByCut = 128 << 10;

let server: TestServer;
let folder: string;
let proxy: CuttingProxy | undefined;
beforeAll(async () => {
  server = await startServer();
  folder = await mkdtemp(join(tmpdir(), "modelyard-cuts-"));
});
afterEach(() => proxy?.close());
afterAll(async () => {
  await server.remove();
  await rm(folder, { recursive: true, force: true });
});

const portOf = () => Number(new URL(server.url).port);
const clientOf = ({ url }: CuttingProxy) => makeClient({ url, token: server.token, fetch });

/** The first connections end after random bytes, so many of them that the file is not over before. */
const budgetOf = (wanted: number) => () =>
  (proxy?.cuts() ?? 0) < wanted ? random.int(1, size / wanted) : Number.POSITIVE_INFINITY;

async function randomFile(name: string, bytes = size) {
  const path = join(folder, name);
  const content = random.bytes(bytes);
  await writeFile(path, content);
  return { path, digest: sha256(content) };
}

test(
  `an upload that is cut ${cuts} times at random bytes, with the server killed in between, goes on each time and ends with the right bytes`,
  {
    timeout: cuts * 12_000,
  },
  async () => {
    report(`upload cuts: seed ${seed}`);
    const { path, digest } = await randomFile("cut.bin");
    let kills = 0;
    let restarting = Promise.resolve();
    const restart = async () => {
      server = await server.restart();
    };
    proxy = await cuttingProxy({
      portOf,
      budgetOf: budgetOf(cuts),
      onCut: () => {
        if (random.next() > 0.2) return;
        kills += 1;
        restarting = restarting.then(restart);
      },
    });
    const files = await hashFiles([{ path: "cut.bin", source: path, size }]);
    expect(await uploadMissing(clientOf(proxy), files)).toEqual([{ path: "cut.bin", digest, size }]);
    await restarting;
    expect(proxy.cuts()).toBe(cuts);
    const again = proxy.sent() - size;
    expect(again).toBeLessThan(proxy.connections() * heldByCut + kills * heldInMemory);
    expect(sha256(await readFile(join(server.home, "blobs", "sha256", digest.slice(0, 2), digest)))).toBe(digest);
    report(
      `upload cuts: ${size >> 20} MB in ${proxy.connections()} connections, ${proxy.cuts()} cut, the server killed ${kills} times; ${(again / 1e6).toFixed(1)} MB were sent twice`,
    );
  },
);

/** Runs the command line until it ends; `when` gets its process. */
function modelyard(args: string[], url: string, when: (child: ReturnType<typeof spawn>) => void = () => {}) {
  return new Promise<{ code: number | null; signal: string | null; output: string }>((resolve) => {
    const env = { ...process.env, MODELYARD_URL: url, MODELYARD_TOKEN: server.token, MODELYARD_HOME: folder };
    const child = spawn("node", [program, ...args], { env, cwd: folder });
    let output = "";
    for (const stream of [child.stdout, child.stderr])
      stream.on("data", (chunk) => {
        output += chunk;
      });
    child.once("close", (code, signal) => resolve({ code, signal, output }));
    when(child);
  });
}

test("a command that was killed, and one that was interrupted, are gone on with by the next one", async () => {
  const { digest } = await randomFile("killed.bin");
  const args = ["model", "register", "killed.bin", "--name", "killed"];
  let act = (_sent: number) => {};
  proxy = await cuttingProxy({ portOf, onSent: (sent) => act(sent), pauseMs: 1 });
  for (const [signal, share] of [
    ["SIGKILL", 0.3],
    ["SIGINT", 0.6],
  ] as const) {
    const ended = await modelyard(args, proxy.url, (child) => {
      act = (sent) => {
        if (sent > share * size && !child.killed) child.kill(signal);
      };
    });
    expect(signal === "SIGKILL" ? ended.signal : ended.code, ended.output).toBe(signal === "SIGKILL" ? signal : 130);
  }
  expect((await server.client.getUpload({ digest })).received).toBeGreaterThan(0.4 * size);
  const { code, output } = await modelyard(args, proxy.url);
  expect(code, output).toBe(0);
  expect(proxy.sent() - size).toBeLessThan(2 * heldInMemory);
  expect((await server.client.getModel({ name: "killed" })).files).toEqual([{ path: "killed.bin", digest, size }]);
});

test(
  `a download that is cut ${times(5, 50)} times goes on each time, and is whole before it appears`,
  {
    timeout: cuts * 12_000,
  },
  async () => {
    const limit = times(5, 50);
    const { path, digest } = await randomFile("down.bin");
    await uploadMissing(server.client, await hashFiles([{ path: "down.bin", source: path, size }]));
    await server.client.registerModel({ name: "down", files: [{ path: "down.bin", digest, size }] });
    proxy = await cuttingProxy({ portOf, budgetOf: budgetOf(limit) });
    const chunks: Uint8Array[] = [];
    const wanted = { name: "down", version: 1, path: "down.bin", size };
    for await (const chunk of downloadBytes(clientOf(proxy), wanted, {})) chunks.push(chunk);
    expect(sha256(Buffer.concat(chunks))).toBe(digest);
    expect(proxy.answered() - size).toBeLessThan(proxy.connections() * heldByCut);
    report(`download cuts: ${proxy.cuts()} of ${proxy.connections()} connections`);
  },
);
