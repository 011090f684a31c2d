import { type ChildProcess, spawn } from "node:child_process";
import { appendFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { build } from "esbuild";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { processStartTime } from "../../src/kernel/process-identity.ts";
import { type LockHolder, withProcessLock } from "../../src/kernel/process-lock.ts";

let folder: string;
let worker: string;
let lock: string;
let journal: string;
let round = 0;

/** A real process that appends begin and end to the journal inside the lock. */
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "modelyard-lock-"));
  worker = join(folder, "worker.mjs");
  const source = `
    import { appendFileSync } from "node:fs";
    import { setTimeout as sleep } from "node:timers/promises";
    import { withProcessLock } from "./src/kernel/process-lock.ts";
    const [lock, journal, holdMs] = process.argv.slice(2);
    const options = { extra: { since: Date.now() }, signal: new AbortController().signal };
    await withProcessLock(lock, options, async () => {
      appendFileSync(journal, "begin " + process.pid + "\\n");
      await sleep(Number(holdMs));
      appendFileSync(journal, "end " + process.pid + "\\n");
    });`;
  await build({
    stdin: { contents: source, resolveDir: join(import.meta.dirname, "..", "..") },
    outfile: worker,
    bundle: true,
    platform: "node",
    format: "esm",
  });
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));
beforeEach(() => {
  round += 1;
  lock = join(folder, `${round}.lock`);
  journal = join(folder, `${round}.txt`);
  appendFileSync(journal, "");
});

const run = (holdMs: number): ChildProcess =>
  spawn("node", [worker, lock, journal, String(holdMs)], { stdio: "inherit" });
const ended = (child: ChildProcess) => new Promise((resolve) => child.once("exit", resolve));
const lines = () => readFileSync(journal, "utf8").trim().split("\n").filter(Boolean);
const begun = async () => {
  while (lines().length === 0) await new Promise((resolve) => setTimeout(resolve, 20));
};
const options = { extra: { since: 0 }, signal: new AbortController().signal };

/** Every begin is followed by the end of the same process. */
function expectNoOverlap() {
  const seen = lines();
  for (let index = 0; index < seen.length; index += 2) {
    expect(seen[index + 1]).toBe(seen[index]?.replace("begin", "end"));
  }
}

describe("a lock held by", () => {
  test("a living process is waited for, and the holder is named once", async () => {
    const child = run(500);
    await begun();
    const told: LockHolder[] = [];
    await withProcessLock(lock, { ...options, onWait: (holder) => told.push(holder) }, async () => {
      expect(lines()).toHaveLength(2);
    });
    expect(told.map(({ pid }) => pid)).toEqual([child.pid]);
  });

  test("a killed process is taken over", async () => {
    const child = run(60_000);
    await begun();
    child.kill("SIGKILL");
    await ended(child);
    expect(await withProcessLock(lock, options, async () => "mine")).toBe("mine");
  });

  test("a pid that another process has by now is taken over", async () => {
    const startTime = (processStartTime(process.pid) ?? 0) - 1;
    writeFileSync(lock, JSON.stringify({ pid: process.pid, startTime, since: 0 }));
    expect(await withProcessLock(lock, options, async () => "mine")).toBe("mine");
  });

  test("half a file is taken over", async () => {
    writeFileSync(lock, '{"pid":');
    expect(await withProcessLock(lock, options, async () => "mine")).toBe("mine");
  });
});

test("six processes that find the lock of a dead one never hold it together", async () => {
  writeFileSync(lock, JSON.stringify({ pid: 2 ** 22 - 1, startTime: 1, since: 0 }));
  const children = Array.from({ length: 6 }, () => run(20));
  expect(await Promise.all(children.map(ended))).toEqual([0, 0, 0, 0, 0, 0]);
  expect(lines()).toHaveLength(12);
  expectNoOverlap();
});

test("waiting ends when the person interrupts", async () => {
  const child = run(60_000);
  await begun();
  const controller = new AbortController();
  setTimeout(() => controller.abort(), 50);
  const waiting = withProcessLock(lock, { extra: { since: 0 }, signal: controller.signal }, async () => "mine");
  await expect(waiting).rejects.toMatchObject({ name: "AbortError" });
  child.kill("SIGKILL");
  await ended(child);
});

test("the lock is given back when the work fails", async () => {
  const work = withProcessLock(lock, options, () => Promise.reject(new Error("no")));
  await expect(work).rejects.toThrow("no");
  expect(await withProcessLock(lock, options, async () => "mine")).toBe("mine");
});
