import { execFileSync } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterEach, describe, expect, it } from "vitest";
import type { WantedModel } from "../../src/contract/host.ts";
import { restartPolicy } from "../../src/host/replica.ts";
import {
  control,
  revisionIn,
  scriptRevision,
  service,
  startTestHost,
  sumsRevision,
  type TestHost,
} from "./host-fixture.ts";

const script = `
import os, signal, sys, time
def init():
    pass
def run(raw_data):
    if raw_data == "die":
        print("going down", file=sys.stderr)
        os._exit(9)
    if raw_data == "die silently":
        os._exit(3)
    if raw_data == "abort":
        os.write(2, b"[LightGBM] [Fatal] no memory\\n")
        os.abort()
    if raw_data == "sleep":
        open(__file__ + ".asleep", "w").close()
        time.sleep(30)
    if raw_data == "hold":
        open(__file__ + ".asleep", "w").close()
        while not os.path.exists(__file__ + ".go"):
            time.sleep(0.01)
    if raw_data == "stuck":
        # as native code that holds the interpreter: no signal handler runs
        signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGUSR1])
        time.sleep(30)
    if raw_data == "eat":
        held = bytearray(300_000_000)
        for at in range(0, len(held), 4096):
            held[at] = 1
        time.sleep(30)
    if raw_data == "note":
        print("a note", file=sys.stderr)
        return os.getpid()
    if raw_data == "pid":
        return os.getpid()
    time.sleep(0.002)
    return os.environ.get("MARK", "none")
`;

const fast = { restart: { ...restartPolicy, firstMs: 50, stopGraceMs: 500 }, recoverMs: 300 };
/** A worker is given up only after a time in which one that heeds signals does so on the slowest machine. */
const lenient = { ...fast, recoverMs: 20_000 };
let host: TestHost;

/** Waits until the script, or the model, of a host has begun to sleep. */
const asleep = () =>
  expect
    .poll(() => readdirSync(host.folder, { recursive: true }).some((name) => String(name).endsWith(".asleep")))
    .toBe(true);
afterEach(() => host.close());

const codeOf = (reply: { json: () => unknown }) => (reply.json() as { error: { code: string } }).error.code;

describe("a request over its time", () => {
  it("is 504, and the same worker answers the next one", async () => {
    host = await startTestHost(lenient);
    await host.serve(service([scriptRevision(host.folder, script, { timeoutMs: 300 })]));
    const pid = (await host.score("pid")).text;
    const started = performance.now();
    const late = await host.score("sleep");
    expect([late.status, codeOf(late)]).toEqual([504, "scoring-timeout"]);
    expect(performance.now() - started).toBeLessThan(25_000);
    await expect.poll(async () => (await host.score("pid")).text).toBe(pid);
  });

  it("that does not heed the signal costs the worker, which is restarted", async () => {
    host = await startTestHost(fast);
    await host.serve(service([scriptRevision(host.folder, script, { timeoutMs: 300 })]));
    const pid = (await host.score("pid")).text;
    expect((await host.score("stuck")).status).toBe(504);
    const seen = await host.seen((state) => revisionIn(state)?.replicas[0]?.restarts === 1);
    expect(revisionIn(seen)?.image).toBe("image-1");
    await host.seen((state) => revisionIn(state)?.state === "ready");
    const after = await host.score("pid");
    expect(after.status).toBe(200);
    expect(after.text).not.toBe(pid);
  });

  it("while it waits is 504 and is never sent", async () => {
    host = await startTestHost(fast);
    await host.serve(service([scriptRevision(host.folder, script, { timeoutMs: 300 })]));
    const replies = await Promise.all([host.score("sleep"), host.score("sleep"), host.score("sleep")]);
    expect(replies.map(({ status }) => status)).toEqual([504, 504, 504]);
    await expect.poll(async () => (await host.score("x")).status).toBe(200);
  });
});

describe("a worker over its memory limit", () => {
  it("is ended with the reason, its request is 502, and the others are served by the next one", async () => {
    host = await startTestHost({ ...fast, restart: { ...fast.restart, firstMs: 1000 } });
    await host.serve(service([scriptRevision(host.folder, script, { memoryMb: 200 })]));
    const [eating, waiting] = [host.score("eat", { "x-request-id": "fat-1" }), host.score("x")];
    const reply = await eating;
    expect([reply.status, codeOf(reply), reply.headers["x-request-id"]]).toEqual([502, "worker-died", "fat-1"]);
    const seen = await host.seen((state) => revisionIn(state)?.replicas[0]?.state === "backoff");
    expect(revisionIn(seen)?.reason).toMatch(/it used \d+ MB of memory, over its limit of 200 MB/);
    expect((await waiting).status).toBe(200);
    expect((await host.score("x")).status).toBe(200);
  });
});

describe("a worker that dies", () => {
  it("gives the request in flight 502 with its id, and comes back by itself with the reason shown", async () => {
    host = await startTestHost({ ...fast, restart: { ...fast.restart, firstMs: 3000 } });
    await host.serve(service([scriptRevision(host.folder, script)]));
    const reply = await host.score("die", { "x-request-id": "last-1" });
    expect([reply.status, codeOf(reply)]).toEqual([502, "worker-died"]);
    expect(reply.headers["x-request-id"]).toBe("last-1");
    const seen = await host.seen((state) => revisionIn(state)?.replicas[0]?.state === "backoff");
    expect(revisionIn(seen)).toMatchObject({ state: "degraded", reason: "exit code 9: [last-1] going down" });
    const meanwhile = await host.score("x");
    expect([meanwhile.status, codeOf(meanwhile)]).toEqual([503, "no-replica"]);
    expect(meanwhile.text).toContain("revision 1 is degraded");
    // what a script wrote is for those who may see the service: neither its clients nor who asks its health are told
    expect(meanwhile.text).not.toContain("going down");
    const health = await fetch(`${host.url}/services/shop/`);
    expect([health.status, (await health.text()).includes("going down")]).toEqual([503, false]);
    await host.seen((state) => revisionIn(state)?.state === "ready");
    expect((await host.score("x")).status).toBe(200);
  });

  it("has no reason of a line that it wrote long before", async () => {
    host = await startTestHost({ ...fast, restart: { ...fast.restart, firstMs: 1000 } });
    await host.serve(service([scriptRevision(host.folder, script)]));
    const pid = Number((await host.score("note")).text);
    await sleep(1100);
    process.kill(pid, "SIGKILL");
    const seen = await host.seen((state) => revisionIn(state)?.replicas[0]?.state === "backoff");
    expect(revisionIn(seen)?.reason).toBe("signal SIGKILL");
  });

  it("has no reason of what a request wrote that it had answered, even just before", async () => {
    host = await startTestHost({ ...fast, restart: { ...fast.restart, firstMs: 1000 } });
    await host.serve(service([scriptRevision(host.folder, script)]));
    const noted = [host.score("note", { "x-request-id": "noted-1" }), host.score("note")];
    const replies = await Promise.all([...noted, host.score("die silently", { "x-request-id": "lost-1" })]);
    expect(replies.map(({ status }) => status)).toEqual([200, 200, 502]);
    const seen = await host.seen((state) => revisionIn(state)?.replicas[0]?.state === "backoff");
    expect(revisionIn(seen)?.reason).toBe("exit code 3");
    const lines = await control(host.folder, "GET", "/services/shop/revisions/1/logs?requestId=noted-1");
    expect(lines.text).toContain("[noted-1] a note");
    const ofLost = await control(host.folder, "GET", "/services/shop/revisions/1/logs?requestId=lost-1");
    expect(ofLost.text).toMatch(/\[lost-1\] worker \d+ ended: exit code 3/);
  });

  it("has the reason that native code wrote, which is of no request", async () => {
    host = await startTestHost({ ...fast, restart: { ...fast.restart, firstMs: 1000 } });
    await host.serve(service([scriptRevision(host.folder, script)]));
    await Promise.all([host.score("note"), host.score("abort")]);
    const seen = await host.seen((state) => revisionIn(state)?.replicas[0]?.state === "backoff");
    expect(revisionIn(seen)?.reason).toBe("signal SIGABRT: [LightGBM] [Fatal] no memory");
  });

  it("by SIGKILL takes nothing with it but its own request", async () => {
    host = await startTestHost(fast);
    await host.serve(service([scriptRevision(host.folder, script)]));
    const pid = Number((await host.score("pid")).text);
    const inFlight = host.score("sleep");
    await asleep();
    const waiting = host.score("x");
    await new Promise((resolve) => setTimeout(resolve, 50));
    process.kill(pid, "SIGKILL");
    expect((await inFlight).status).toBe(502);
    expect((await waiting).status).toBe(200);
  });
});

/** A model whose rows say what happens: the first value 1 sleeps, as far as signals let it; the rest adds up. */
function slowModel(folder: string): WantedModel {
  const path = mkdtempSync(join(folder, "model-"));
  const code = `
import time
class Slow:
    def predict(self, rows):
        if any(row[0] == 1 for row in rows):
            open(__file__ + ".asleep", "w").close()
            time.sleep(30)
        return [sum(row[1:]) for row in rows]
`;
  writeFileSync(join(path, "slow_model.py"), code);
  const save = "import pickle, slow_model; pickle.dump(slow_model.Slow(), open('slow.pkl', 'wb'))";
  execFileSync("python3", ["-B", "-c", save], { cwd: path, env: { ...process.env, PYTHONPATH: path } });
  return { name: "slow", version: 1, path, files: [], framework: null };
}

describe("a model whose worker has the next requests already", () => {
  const slow = '{"data": [[1, 0, 0]]}';
  const quick = '{"data": [[0, 2, 3]]}';
  const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

  it("loses with a dead worker only those it worked on; the next ones are answered by another worker", async () => {
    host = await startTestHost(fast);
    await host.serve(service([sumsRevision({ models: [slowModel(host.folder)] })]));
    const worked = host.score(slow);
    await asleep();
    const next = host.score(quick);
    await pause(100);
    const pid = revisionIn(await host.seen(() => true))?.replicas[0]?.pid;
    process.kill(Number(pid), "SIGKILL");
    expect(codeOf(await worked)).toBe("worker-died");
    expect((await next).json()).toEqual([5]);
  });

  it("times out each on its own, and the same worker goes on", async () => {
    host = await startTestHost(lenient);
    await host.serve(service([sumsRevision({ models: [slowModel(host.folder)], timeoutMs: 400 })]));
    const pid = revisionIn(await host.seen(() => true))?.replicas[0]?.pid;
    const first = host.score(slow);
    await pause(100);
    const second = host.score(slow);
    const third = host.score(quick);
    expect([codeOf(await first), codeOf(await second)]).toEqual(["scoring-timeout", "scoring-timeout"]);
    await third;
    await expect.poll(async () => (await host.score(quick)).text).toBe("[5.0]");
    expect(revisionIn(await host.seen(() => true))?.replicas[0]).toMatchObject({ pid, restarts: 0 });
  });
});

describe("a revision that cannot start", () => {
  it("has failed at once when init raises, with the traceback shown and the old revision untouched", async () => {
    host = await startTestHost(fast);
    const good = scriptRevision(host.folder, script);
    const bad = scriptRevision(
      host.folder,
      "def init():\n    raise RuntimeError('no weights here')\ndef run(x):\n    pass\n",
      {
        number: 2,
        share: 0,
      },
    );
    await host.serve(service([good]));
    await host.want(service([good, bad]));
    const seen = await host.seen((state) => revisionIn(state, 2)?.state === "failed");
    const failed = revisionIn(seen, 2);
    expect(failed?.reason).toContain("no weights here");
    expect(failed?.logTail.join("\n")).toContain("Traceback");
    expect(failed?.replicas[0]).toMatchObject({ state: "failed", pid: null, restarts: 0 });
    expect((await host.score("x")).status).toBe(200);
    const direct = await control(host.folder, "POST", "/services/shop/revisions/2/score", "x");
    expect([direct.status, codeOf(direct)]).toEqual([503, "no-replica"]);
  });

  it("is tried again only when it was removed or differs", async () => {
    host = await startTestHost(fast);
    const bad = scriptRevision(host.folder, "def init():\n    raise RuntimeError('no')\ndef run(x):\n    pass\n");
    await host.want(service([bad]));
    await host.seen((state) => revisionIn(state)?.state === "failed");
    expect(revisionIn(await host.want(service([bad])))?.state).toBe("failed");
    await host.want(service([]));
    expect(revisionIn(await host.want(service([bad])))?.state).toBe("starting");
    await host.seen((state) => revisionIn(state)?.state === "failed");
    const changed = await host.want(service([{ ...bad, env: { A: "b" } }]));
    expect(changed.services[0]?.revisions.some(({ state }) => state === "starting")).toBe(true);
  });

  it("without an interpreter has failed after three attempts and names it", async () => {
    host = await startTestHost(fast);
    await host.want(service([sumsRevision({ python: "/nowhere/python" })]));
    const seen = await host.seen((state) => revisionIn(state)?.state === "failed");
    expect(revisionIn(seen)?.reason).toContain("/nowhere/python could not be started");
    expect(revisionIn(seen)?.replicas[0]?.restarts).toBe(2);
  });
});

describe("a switch from one revision to the next", () => {
  it("under load loses no request", async () => {
    host = await startTestHost(fast);
    const mark = (number: number, share: number) =>
      scriptRevision(host.folder, script, { number, share, env: { MARK: `r${number}` } });
    const counts: Record<string, number> = {};
    let running = true;
    let current = mark(1, 100);
    await host.serve(service([current]));
    const client = async () => {
      while (running) {
        const { status, text } = await host.score("x");
        counts[status === 200 ? text : status] = (counts[status === 200 ? text : status] ?? 0) + 1;
      }
    };
    const clients = Array.from({ length: 16 }, client);
    for (let number = 2; number <= 6; number += 1) {
      const next = mark(number, 0);
      await host.serve(service([current, next]));
      current = { ...next, share: 100 };
      await host.want(service([current]));
      await host.seen((state) => state.services[0]?.revisions.length === 1);
    }
    running = false;
    await Promise.all(clients);
    expect(Object.keys(counts).sort()).toEqual([1, 2, 3, 4, 5, 6].map((number) => `"r${number}"`));
  });

  it("shares traffic exactly as asked", async () => {
    host = await startTestHost(fast);
    const mark = (number: number, share: number) =>
      scriptRevision(host.folder, script, { number, share, env: { MARK: `r${number}` } });
    await host.serve(service([mark(1, 90), mark(2, 10), mark(3, 0)]));
    const answers: string[] = [];
    for (let count = 0; count < 100; count += 1) answers.push((await host.score("x")).text);
    expect(answers.filter((text) => text === '"r1"').length).toBe(90);
    expect(answers.filter((text) => text === '"r2"').length).toBe(10);
    const candidate = await control(host.folder, "POST", "/services/shop/revisions/3/score", "x");
    expect(candidate.text).toBe('"r3"');
  });
});

describe("a full queue", () => {
  it("refuses the next request with 503 and Retry-After", async () => {
    host = await startTestHost({ ...fast, queue: 2 });
    await host.serve(service([scriptRevision(host.folder, script, { timeoutMs: 3000 })]));
    const first = host.score("sleep");
    await asleep();
    const replies = await Promise.all([host.score("x"), host.score("x"), host.score("x")]);
    const refused = replies.filter(({ status }) => status === 503);
    expect(refused.map(codeOf)).toEqual(["queue-full"]);
    expect(refused[0]?.headers["retry-after"]).toBe("1");
    await first;
  });
});

describe("the end of a host", () => {
  it("leaves no worker, no socket and no temporary folder", async () => {
    host = await startTestHost(fast);
    const revision = scriptRevision(host.folder, script, { replicas: 2 });
    await host.serve(service([revision]));
    const seen = await host.seen((state) => revisionIn(state)?.state === "ready");
    const pids = revisionIn(seen)?.replicas.map(({ pid }) => pid ?? 0) ?? [];
    expect(pids.length).toBe(2);
    const waiting = control(host.folder, "GET", `/seen?after=${seen.change + 1000}&waitMs=30000`);
    const inFlight = host.score("hold");
    // a connection that is not accepted by then is refused
    await asleep();
    const closed = host.host.close();
    writeFileSync(join(revision.script?.folder ?? "", "score.py.go"), "");
    await closed;
    expect((await inFlight).status).toBe(200);
    expect((await waiting).status).toBe(200);
    for (const pid of pids) expect(existsSync(`/proc/${pid}`)).toBe(false);
    const left = readdirSync(host.folder).filter((name) => !name.startsWith("source-"));
    expect(left.sort()).toEqual(["dropped", "grpc-port", "logs", "port", "spool", "wanted.json"]);
    expect(existsSync(join(host.folder, "logs/shop/1.log"))).toBe(true);
  });

  it("does not wait longer than its limit for a request that runs on", async () => {
    host = await startTestHost({ ...fast, drainMs: 200 });
    await host.serve(service([scriptRevision(host.folder, script)]));
    const inFlight = host.score("sleep").catch(() => "cut off");
    await asleep();
    const started = performance.now();
    await host.host.close();
    expect(performance.now() - started).toBeLessThan(25_000);
    expect(await inFlight).toBe("cut off");
  });
});
