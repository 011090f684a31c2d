import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { silentLog } from "../../src/kernel/log.ts";
import { makeTurns } from "../../src/kernel/turns.ts";
import { ingestThread } from "../../src/main/ingest-thread.ts";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "ingest-thread-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

/** A thread that does this at each call to catch up; `turn` is called when it may write. */
function threadThat(program: string) {
  const path = join(folder, "thread.mjs");
  const begin = 'import { parentPort } from "node:worker_threads"; const tell = (m) => parentPort.postMessage(m);';
  writeFileSync(path, `${begin}\n${program}`);
  const turns = makeTurns();
  const settings = { database: "", host: "", gatherer: "", logLevel: undefined };
  return { thread: ingestThread(path, settings, turns, silentLog), turns };
}

test("a thread that writes keeps all others waiting until it has ended its turn, and no longer", async () => {
  const { thread, turns } = threadThat(`
    let id;
    parentPort.on("message", (m) => {
      if (m.kind === "catch-up") { id = m.id; return tell({ kind: "want" }); }
      setTimeout(() => { tell({ kind: "left" }); tell({ kind: "done", id }); }, 100);
    });`);
  const order: string[] = [];
  const first = turns(async () => void order.push("before"));
  const caughtUp = thread.catchUp().then(() => order.push("caught up"));
  await first;
  await caughtUp;
  await turns(async () => void order.push("after"));
  expect(order).toEqual(["before", "caught up", "after"]);
  await thread.stop();
});

test("a thread that dies in its turn ends it, fails who waits for it, and is started again when it is needed", async () => {
  const { thread, turns } = threadThat(`
    parentPort.on("message", (m) => {
      if (m.kind === "turn") process.exit(1);
      tell({ kind: "want" });
    });`);
  for (let death = 0; death < 2; death += 1) {
    await expect(thread.catchUp()).rejects.toThrow("the thread of ingest ended");
    expect(await turns(async () => "written")).toBe("written");
  }
  await thread.stop();
});

test("what fails in the thread fails here, with the code of the file system", async () => {
  const { thread } = threadThat(`
    parentPort.on("message", ({ id }) =>
      tell({ kind: "done", id, error: { message: "no room", stack: "", code: "ENOSPC" } }));`);
  await expect(thread.catchUp()).rejects.toMatchObject({ message: "no room", code: "ENOSPC" });
  await thread.stop();
});
