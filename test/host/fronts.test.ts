import { type ChildProcess, spawn } from "node:child_process";
import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { connect } from "node:net";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { SeenRevision, SeenState, WantedState } from "../../src/contract/host.ts";
import { mergeMetrics } from "../../src/host/fronts/merge-metrics.ts";
import { mergeDropped, mergeServices } from "../../src/host/fronts/merge-seen.ts";
import { wantedOfFront } from "../../src/host/fronts/split-wanted.ts";
import { frontCount } from "../../src/kernel/front-count.ts";
import { processStartTime } from "../../src/kernel/process-identity.ts";
import { entriesIn } from "../spooled.ts";
import {
  control,
  key,
  makeFolder,
  revisionIn,
  scriptRevision,
  service,
  waitForSeen,
  workerProgram,
} from "./host-fixture.ts";
import { makeHostProgram } from "./host-program.ts";

/** Answers the pid of the front that asked it. */
const script = `
import os
def init():
    pass
def run(raw_data):
    print("asked", raw_data)
    return os.getppid()
`;
const hostProgram = makeHostProgram();
const program = hostProgram.path;
beforeAll(hostProgram.build);
afterAll(hostProgram.remove);

describe("several fronts", () => {
  let temporary: ReturnType<typeof makeFolder>;
  let folder: string;
  let host: ChildProcess;
  let exit: Promise<number | null>;
  let log = "";

  function start(): void {
    host = spawn(process.execPath, [program], {
      env: {
        PATH: process.env.PATH,
        MODELYARD_HOST_FOLDER: folder,
        MODELYARD_SCORING_PORT: "0",
        MODELYARD_WORKER: workerProgram,
        MODELYARD_FRONTS: "2",
      },
      stdio: ["ignore", "ignore", "pipe"],
    });
    host.stderr?.on("data", (chunk) => {
      log += chunk;
    });
    exit = new Promise((resolve) => host.once("exit", resolve));
  }
  beforeEach(async () => {
    temporary = makeFolder();
    folder = join(temporary.path, "host");
    start();
    await ready();
  });
  afterEach(async () => {
    if (host.exitCode === null && host.signalCode === null) host.kill("SIGTERM");
    await exit;
    temporary.remove();
  });

  const hostFile = () =>
    JSON.parse(readFileSync(join(folder, "host.json"), "utf8")) as { pid: number; scoringUrl: string; grpc: string };
  const ready = (not?: number) =>
    expect.poll(() => existsSync(join(folder, "host.json")) && hostFile().pid !== not).toBe(true);
  const wanted = (image: string, replicas = 3): WantedState => ({
    services: [service([scriptRevision(temporary.path, script, { image, replicas })])],
  });
  async function serve(state: WantedState): Promise<SeenRevision | undefined> {
    await control(folder, "PUT", "/wanted", JSON.stringify(state));
    const { image } = state.services[0]?.revisions[0] ?? {};
    const isReady = (seen: SeenState) => {
      const revision = revisionIn(seen);
      return revision?.state === "ready" && revision.image === image;
    };
    return revisionIn(await waitForSeen(folder, isReady, 30_000));
  }
  /** One request on a connection of its own; the pid of the front that answered, or the status. */
  async function ask(body = "x"): Promise<number> {
    const reply = await fetch(`${hostFile().scoringUrl}/services/shop/score`, {
      method: "POST",
      body,
      headers: { authorization: `Bearer ${key}`, connection: "close" },
    });
    const text = await reply.text();
    if (reply.status !== 200) throw new Error(`${reply.status} ${text}`);
    return Number(text);
  }
  /** A connection over which something came, or that was closed before. */
  function greet({ hostname, port }: URL) {
    const socket = connect(Number(port), hostname, () => socket.write("GET /healthz HTTP/1.1\r\nHost: h\r\n\r\n"));
    const connected = new Promise<void>((resolve) => socket.once("connect", resolve));
    const end = new Promise<string>((resolve) => {
      socket.once("data", () => resolve("answered")).on("error", () => {});
      socket.once("close", () => resolve("cut off"));
    }).finally(() => socket.destroy());
    return { connected, end };
  }
  const askMany = async (count: number) => {
    const fronts: number[] = [];
    for (let index = 0; index < count; index += 1) fronts.push(await ask(`x${index}`));
    return fronts;
  };

  it("share the port and the replicas; records, metrics and logs of all are told as one", async () => {
    const seen = await serve(wanted("first"));
    expect(seen?.replicas).toHaveLength(3);
    expect(new Set(await askMany(12)).size).toBe(2);
    await control(folder, "POST", "/spool/flush");
    const spools = readdirSync(join(folder, "fronts")).map((front) => {
      const spool = join(folder, "fronts", front, "spool");
      return readdirSync(spool).flatMap((name) => entriesIn(readFileSync(join(spool, name))).entries);
    });
    expect(spools.flat().map(({ head }) => head.status)).toEqual(Array.from({ length: 12 }, () => 200));
    expect(spools.every(({ length }) => length > 0)).toBe(true);
    const metrics = (await control(folder, "GET", "/metrics")).text;
    expect(metrics).toContain('modelyard_requests_total{service="shop",revision="1",code="200"} 12\n');
    expect(metrics).toContain('modelyard_workers_ready{service="shop",revision="1"} 3\n');
    expect(metrics).toContain('modelyard_traffic_share_percent{service="shop",revision="1"} 100\n');
    const told = async () =>
      (
        (await control(folder, "GET", "/services/shop/revisions/1/logs?tail=1000")).json() as { lines: string[] }
      ).lines.filter((line) => line.includes("asked"));
    await expect.poll(async () => (await told()).length).toBe(12);
    const times = (await told()).map((line) => line.slice(0, 24));
    expect(times).toEqual([...times].sort());
    const sample = await control(folder, "POST", "/services/shop/revisions/1/score", "x");
    expect([sample.status, Number(sample.text) > 0]).toEqual([200, true]);
    expect((await control(folder, "POST", "/services/nobody/score", "x")).status).toBe(404);
  });

  it("go on when one is killed, which comes back with what is wanted by then", async () => {
    const state = wanted("first");
    await serve(state);
    const [victim = 0, other = 0] = [...new Set(await askMany(4))];
    process.kill(victim, "SIGKILL");
    state.services.push(service([scriptRevision(temporary.path, script)], { name: "second" }));
    await control(folder, "PUT", "/wanted", JSON.stringify(state));
    await expect.poll(() => log.includes("it is started again")).toBe(true);
    const isBack = (seen: SeenState) =>
      revisionIn(seen)?.state === "ready" && revisionIn(seen, 1, "second")?.state === "ready";
    let back = false;
    const waiting = waitForSeen(folder, isBack, 30_000).then(() => {
      back = true;
    });
    // a front that is not ready takes no connection while another answers
    while (!back) expect(await ask()).toBeGreaterThan(0);
    await waiting;
    const fronts = async () => new Set(await askMany(4));
    await expect.poll(async () => (await fronts()).size).toBe(2);
    expect([...(await fronts())]).toContain(other);
    expect(processStartTime(victim)).toBeNull();
  });

  it("say why one cannot be started again, and nothing more once it is back", async () => {
    await serve(wanted("first"));
    const front = join(folder, "fronts", "2");
    const { pid } = JSON.parse(readFileSync(join(front, "host.json"), "utf8")) as { pid: number };
    process.kill(pid, "SIGKILL");
    // as a process that outlived its host would hold it
    const lock = join(front, "host.lock");
    writeFileSync(lock, JSON.stringify({ pid: process.pid, startTime: processStartTime(process.pid) }));
    const told = `front 2 ended (exit code 4: ${lock} is held by the scoring host with pid ${process.pid}) and is started again`;
    const seen = await waitForSeen(folder, ({ reason }) => reason?.includes("exit code") === true, 30_000);
    expect(seen.reason).toBe(told);
    expect(revisionIn(seen)).toMatchObject({ state: "degraded", reason: told });
    rmSync(lock);
    const back = await waitForSeen(folder, (state) => revisionIn(state)?.state === "ready", 30_000);
    expect(back.reason).toBeUndefined();
    expect(existsSync(join(front, "end-reason"))).toBe(false);
  }, 60_000);

  it("keep nobody waiting whose connection one was handed when it was killed", async () => {
    await serve(wanted("first"));
    const [victim = 0, other = 0] = [...new Set(await askMany(4))];
    process.kill(victim, "SIGSTOP");
    const answers: (number | "cut off")[] = [];
    // one of them goes to the front that cannot take it, and no further one until it does
    const asked = Array.from({ length: 4 }, async () => answers.push(await ask().catch(() => "cut off" as const)));
    await expect.poll(() => answers.length, { timeout: 30_000 }).toBe(3);
    process.kill(victim, "SIGKILL");
    await Promise.all(asked);
    expect(answers).toEqual([other, other, other, "cut off"]);
  });

  it("keep nobody waiting at one port either, whose front died with a connection of the other port in its hand", async () => {
    await serve(wanted("first"));
    const [victim = 0] = [...new Set(await askMany(4))];
    const { pid, grpc } = hostFile();
    process.kill(victim, "SIGSTOP");
    let answers = 0;
    const asked = Array.from({ length: 4 }, () => ask().then(() => (answers += 1), String));
    await expect.poll(() => answers, { timeout: 30_000 }).toBe(3);
    // when the host wakes it learns first that the front is gone, then of the connections, then that it has exited
    process.kill(pid, "SIGSTOP");
    process.kill(victim, "SIGKILL");
    const isDead = () => / Z /.test(readFileSync(`/proc/${victim}/stat`, "utf8"));
    await expect.poll(isDead, { timeout: 30_000 }).toBe(true);
    const ends = Array.from({ length: 2 }, () => greet(new URL(`http://${grpc}`)));
    await Promise.all(ends.map(({ connected }) => connected));
    process.kill(pid, "SIGCONT");
    for (const { end } of ends) expect(["answered", "cut off"]).toContain(await end);
    await Promise.all(asked);
  });

  it("end with their host, and start again on the same port", async () => {
    const seen = await serve(wanted("first"));
    const workers = seen?.replicas.map(({ pid }) => pid ?? 0) ?? [];
    const fronts = [...new Set(await askMany(4))];
    const { pid, scoringUrl } = hostFile();
    host.kill("SIGKILL");
    await exit;
    for (const process of [...fronts, ...workers]) await expect.poll(() => processStartTime(process)).toBeNull();
    start();
    await ready(pid);
    expect(hostFile().scoringUrl).toBe(scoringUrl);
    await waitForSeen(folder, (state) => revisionIn(state)?.state === "ready", 30_000);
    const again = [...new Set(await askMany(4))];
    host.kill("SIGTERM");
    expect(await exit).toBe(0);
    expect(again.map(processStartTime)).toEqual([null, null]);
    expect(existsSync(join(folder, "host.json"))).toBe(false);
  });
});

describe("what is told of several fronts", () => {
  it("divides replicas so that every front has one and none is lost", () => {
    const state: WantedState = { services: [service([scriptRevision("/tmp", "", { replicas: 5 })])] };
    const parts = (replicas: number, count: number) =>
      Array.from({ length: count }, (_, index) => {
        const [one] = state.services;
        const [revision] = one?.revisions ?? [];
        const asked = { services: [{ ...one, revisions: [{ ...revision, replicas }] }] } as WantedState;
        return wantedOfFront(asked, index, count).services[0]?.revisions[0]?.replicas;
      });
    expect(parts(5, 2)).toEqual([3, 2]);
    expect(parts(1, 3)).toEqual([1, 1, 1]);
    expect(parts(6, 3)).toEqual([2, 2, 2]);
  });

  it("divides the requests a service may have at a time, and leaves the rest as it is", () => {
    const state = { services: [service([], { maxConcurrentRequests: 5 })], server: "http://127.0.0.1:5080" };
    const parts = [0, 1].map((index) => wantedOfFront(state, index, 2));
    expect(parts.map(({ services: [one] }) => one?.maxConcurrentRequests)).toEqual([3, 2]);
    expect(parts.map(({ server }) => server)).toEqual([state.server, state.server]);
    expect(wantedOfFront({ services: [service([])] }, 0, 4).services[0]?.maxConcurrentRequests).toBe(256);
  });

  it("adds up samples, and keeps what is alike", () => {
    const text = (requests: number, share: number) =>
      `# HELP a_total Requests.\n# TYPE a_total counter\na_total{x="1 2"} ${requests}\n# HELP modelyard_traffic_share_percent Share.\n# TYPE modelyard_traffic_share_percent gauge\nmodelyard_traffic_share_percent{s="a"} ${share}\n`;
    expect(mergeMetrics([text(1, 40), text(2, 40)])).toBe(text(3, 40));
    expect(mergeMetrics([text(1.5, 7)])).toBe(text(1.5, 7));
    expect(mergeMetrics([])).toBe("");
  });

  it("is ready when all are, failed when one is, and knows who is missing", () => {
    const state = (...revisions: [SeenRevision["state"], number][]): SeenState => ({
      pid: 1,
      startedAt: 1,
      scoringUrl: "",
      grpc: "",
      change: 1,
      dropped: { "disk-full": 2 },
      services: [
        {
          name: "shop",
          revisions: revisions.map(([one, number]) => ({
            number,
            image: "i",
            share: 100,
            state: one,
            reason: one === "failed" ? "why" : null,
            logTail: [],
            replicas: [{ state: "ready", pid: 1, restarts: 0, reason: null }],
          })),
        },
      ],
    });
    const merged = (...fronts: (SeenState | undefined)[]) =>
      mergeServices(fronts)[0]?.revisions.map((revision) => [
        revision.number,
        revision.state,
        revision.replicas.length,
      ]);
    expect(merged(state(["ready", 1]), state(["ready", 1]))).toEqual([[1, "ready", 2]]);
    expect(merged(state(["ready", 1]), state(["starting", 1]))).toEqual([[1, "degraded", 2]]);
    expect(merged(state(["ready", 1]), undefined)).toEqual([[1, "degraded", 1]]);
    expect(merged(state(["ready", 1]), state(["failed", 1]))).toEqual([[1, "failed", 2]]);
    expect(merged(state(["draining", 1], ["ready", 2]), state(["ready", 2]))).toEqual([
      [1, "draining", 1],
      [2, "ready", 2],
    ]);
    expect(mergeServices([state(["ready", 1]), undefined])[0]?.revisions[0]?.reason).toBe("it is not in every front");
    const why = mergeServices([state(["ready", 1]), undefined], "front 2 ended")[0]?.revisions[0]?.reason;
    expect(why).toBe("front 2 ended");
    const reasonWith = (again: SeenState, reason?: string) =>
      mergeServices([state(["ready", 1]), again], reason)[0]?.revisions[0]?.reason;
    expect(reasonWith(state(["starting", 1]), "front 2 ended")).toBe("front 2 ended");
    expect(reasonWith(state(["starting", 1]))).toBeNull();
    expect(reasonWith(state(["ready", 1]), "front 2 ended")).toBeNull();
    expect(mergeServices([undefined])).toEqual([]);
    expect(mergeDropped([state(), undefined, state()])).toEqual({ "disk-full": 4 });
  });

  it("is as many as the variable says, and nothing else", () => {
    expect([frontCount("1"), frontCount("64")]).toEqual([1, 64]);
    for (const wrong of ["0", "65", "two", "1.5", "-1", ""])
      expect(() => frontCount(wrong)).toThrow("MODELYARD_FRONTS");
  });
});
