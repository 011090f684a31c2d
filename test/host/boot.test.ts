import { type ChildProcess, spawn } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, statSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { makeHostControl } from "../../src/kernel/host-control.ts";
import { processStartTime } from "../../src/kernel/process-identity.ts";
import {
  ask,
  control,
  key,
  makeFolder,
  revisionIn,
  root,
  scriptRevision,
  service,
  waitForSeen,
  workerProgram,
} from "./host-fixture.ts";
import { makeHostProgram } from "./host-program.ts";

const script = "import os\ndef init():\n    pass\ndef run(x):\n    return os.getpid()\n";
const hostProgram = makeHostProgram();
const program = hostProgram.path;
const supervisor = join(root, "scripts/supervise.sh");

beforeAll(hostProgram.build);
afterAll(hostProgram.remove);

let temporary: ReturnType<typeof makeFolder>;
let folder: string;
let started: ChildProcess[] = [];
beforeEach(() => {
  temporary = makeFolder();
  folder = join(temporary.path, "host");
});
afterEach(async () => {
  for (const child of started) {
    if (child.exitCode === null && child.signalCode === null) {
      const gone = new Promise((resolve) => child.once("exit", resolve));
      child.kill("SIGTERM");
      await gone;
    }
  }
  started = [];
  temporary.remove();
});

interface Run {
  child: ChildProcess;
  exit: Promise<number | null>;
  stderr(): string;
}

function run(command: string, args: string[], environment: Record<string, string> = {}): Run {
  const child = spawn(command, args, {
    env: {
      PATH: process.env.PATH,
      MODELYARD_HOST_FOLDER: folder,
      MODELYARD_SCORING_PORT: "0",
      MODELYARD_WORKER: workerProgram,
      ...environment,
    },
    stdio: ["ignore", "ignore", "pipe"],
  });
  started.push(child);
  let stderr = "";
  child.stderr?.on("data", (chunk) => {
    stderr += chunk;
  });
  return { child, exit: new Promise((resolve) => child.once("exit", resolve)), stderr: () => stderr };
}
const runHost = (environment?: Record<string, string>) => run(process.execPath, [program], environment);

interface HostFile {
  pid: number;
  startTime: number;
  scoringUrl: string;
}
const hostFile = () => JSON.parse(readFileSync(join(folder, "host.json"), "utf8")) as HostFile;

/** The host file of a run other than `before`, once the host is listening. */
async function nextHostFile(before?: number): Promise<HostFile> {
  await expect.poll(() => existsSync(join(folder, "host.json")) && hostFile().pid !== before).toBe(true);
  return hostFile();
}

const score = (url: string) =>
  ask(`${url}/services/shop/score`, { method: "POST", body: "x", headers: { authorization: `Bearer ${key}` } });

async function serve(): Promise<number> {
  const wanted = { services: [service([scriptRevision(temporary.path, script)])] };
  await control(folder, "PUT", "/wanted", JSON.stringify(wanted));
  const seen = await waitForSeen(folder, (state) => revisionIn(state)?.state === "ready");
  return revisionIn(seen)?.replicas[0]?.pid ?? 0;
}

describe("a host process", () => {
  it("killed with SIGKILL serves its last wanted state again, on the same port, with none of its workers left over", async () => {
    const first = runHost();
    const { scoringUrl, pid, startTime } = await nextHostFile();
    expect(startTime).toBe(processStartTime(pid));
    const worker = await serve();
    first.child.kill("SIGKILL");
    await first.exit;
    runHost();
    expect((await nextHostFile(pid)).scoringUrl).toBe(scoringUrl);
    await waitForSeen(folder, (state) => revisionIn(state)?.state === "ready");
    const reply = await score(scoringUrl);
    expect(reply.status).toBe(200);
    expect(Number(reply.text)).not.toBe(worker);
    expect(processStartTime(worker)).toBeNull();
  }, 20_000);

  it("stops with exit code 0 on SIGTERM and on POST /shutdown", async () => {
    const first = runHost();
    const { pid } = await nextHostFile();
    const worker = await serve();
    first.child.kill("SIGTERM");
    expect(await first.exit).toBe(0);
    expect(processStartTime(worker)).toBeNull();
    const second = runHost();
    await nextHostFile(pid);
    expect((await control(folder, "POST", "/shutdown")).status).toBe(200);
    expect(await second.exit).toBe(0);
    expect(existsSync(join(folder, "host.json"))).toBe(false);
  }, 20_000);

  it("tells who asks it in vain why it could not start, until it has started", async () => {
    mkdirSync(folder);
    const reason = (isStarting?: () => boolean) =>
      makeHostControl(folder, isStarting)
        .seen()
        .then(String, (error: Error) => error.message);
    expect(await reason()).toBe("The scoring host does not answer: it does not run");
    expect(await reason(() => true)).toBe("The scoring host does not answer: it is starting");
    const cert = join(temporary.path, "cert.pem");
    const bad = runHost({ MODELYARD_TLS_CERT: cert, MODELYARD_TLS_KEY: cert });
    expect(await bad.exit).toBe(2);
    expect(await reason()).toBe(
      `The scoring host does not answer: TLS cannot be used with ${cert}: it cannot be read (ENOENT)`,
    );
    const good = runHost();
    await nextHostFile();
    await expect.poll(() => existsSync(join(folder, "end-reason"))).toBe(false);
    good.child.kill("SIGKILL");
    await good.exit;
    expect(await reason()).toBe("The scoring host does not answer: it does not run");
  });

  it("refuses a folder another live host holds, and says which", async () => {
    runHost();
    const { pid } = await nextHostFile();
    const second = runHost();
    expect(await second.exit).toBe(4);
    expect(second.stderr()).toMatch(new RegExp(`host\\.lock is held by the scoring host with pid ${pid}`));
    expect(existsSync(join(folder, "end-reason"))).toBe(false);
  });

  it.each([
    "MODELYARD_SCORING_PORT",
    "MODELYARD_GRPC_PORT",
  ])("names the holder of a %s that is taken and exits with 4", async (variable) => {
    const other = createServer().listen(0, "127.0.0.1");
    await new Promise((resolve) => other.once("listening", resolve));
    const { port } = other.address() as AddressInfo;
    const second = runHost({ [variable]: String(port) });
    expect(await second.exit).toBe(4);
    expect(second.stderr()).toContain(`Port ${port} is in use by`);
    expect(second.stderr()).toContain(`${variable}=<port>`);
    expect(second.stderr()).toContain(`(pid ${process.pid})`);
    expect(second.stderr().trim().split("\n").length).toBe(1);
    await new Promise((resolve) => other.close(resolve));
  });

  it("lets only its owner use the control socket, and takes less than 60 MB when idle", async () => {
    runHost();
    const { pid } = await nextHostFile();
    expect(statSync(join(folder, "control.sock")).mode & 0o777).toBe(0o600);
    await new Promise((resolve) => setTimeout(resolve, 300));
    const pss = /^Pss: +(\d+) kB/m.exec(readFileSync(`/proc/${pid}/smaps_rollup`, "utf8"))?.[1];
    expect(Number(pss)).toBeLessThan(60_000);
  });

  it("refuses a wanted state of the wrong shape and keeps the last one", async () => {
    runHost();
    await nextHostFile();
    await serve();
    const bad = await control(folder, "PUT", "/wanted", '{"services":[{"name":"UP","auth":"key","revisions":[{}]}]}');
    expect(bad.status).toBe(400);
    expect(bad.text).toContain("services[0].name");
    expect(bad.text).toContain("services[0].revisions[0].python");
    expect((await score(hostFile().scoringUrl)).status).toBe(200);
  });
});

describe("the supervisor", () => {
  it("brings the host back after SIGKILL, keeps out a second one, and ends with the host it was told to stop", async () => {
    const first = run("sh", [supervisor, process.execPath, program]);
    const { pid, scoringUrl } = await nextHostFile();
    await serve();
    expect(Number(readFileSync(join(folder, "supervisor.pid"), "utf8"))).toBe(first.child.pid);
    process.kill(pid, "SIGKILL");
    expect((await nextHostFile(pid)).scoringUrl).toBe(scoringUrl);
    await waitForSeen(folder, (state) => revisionIn(state)?.state === "ready");
    expect((await score(scoringUrl)).status).toBe(200);
    const second = run("sh", [supervisor, process.execPath, program]);
    expect(await second.exit).toBe(4);
    expect(second.stderr()).toContain(`pid ${first.child.pid}`);
    const host = hostFile().pid;
    first.child.kill("SIGTERM");
    expect(await first.exit).toBe(0);
    expect(processStartTime(host)).toBeNull();
    expect(existsSync(join(folder, "supervisor.pid"))).toBe(false);
  }, 20_000);

  it("ends when the host was shut down over its socket or cannot have its ports", async () => {
    const first = run("sh", [supervisor, process.execPath, program]);
    await nextHostFile();
    await control(folder, "POST", "/shutdown");
    expect(await first.exit).toBe(0);
    const other = createServer().listen(0, "127.0.0.1");
    await new Promise((resolve) => other.once("listening", resolve));
    const { port } = other.address() as AddressInfo;
    const second = run("sh", [supervisor, process.execPath, program], { MODELYARD_SCORING_PORT: String(port) });
    expect(await second.exit).toBe(4);
    await new Promise((resolve) => other.close(resolve));
    const third = run("sh", [supervisor, process.execPath, program], { MODELYARD_GRPC_PORT: "many" });
    expect(await third.exit).toBe(2);
    expect(third.stderr()).toContain("MODELYARD_GRPC_PORT is not a port");
  }, 20_000);
});
