import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import type { AddressInfo } from "node:net";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { setTimeout as pause } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { ServiceDetail } from "../../src/contract/use.ts";
import type { Status } from "../../src/doors/cli/commands/status.ts";
import type { Done } from "../../src/flow/events.ts";
import { processStartTime } from "../../src/kernel/process-identity.ts";

// The real programs as users run them, on a home of their own. The model is a text file with an entry script, so that
// its environment needs no package.
const program = join(import.meta.dirname, "..", "..", "dist", "cli.js");
let folder: string;
let project: string;
let env: Record<string, string | undefined>;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "modelyard-up-"));
  project = join(folder, "project");
  mkdirSync(project);
  env = { ...process.env, MODELYARD_HOME: join(folder, "home"), MODELYARD_PORT: "0", MODELYARD_SCORING_PORT: "0" };
  write("weights.txt", "3");
  write("requirements.txt", "");
  write("sample.json", "[1]");
  write("score.py", scriptThatAdds("int(open(path).read())"));
  write(
    "modelyard.yaml",
    "name: adder\nmodel: weights.txt\nscript: score.py\nrequirements: requirements.txt\nsample: sample.json\n",
  );
});
afterAll(async () => {
  await run("down");
  rmSync(folder, { recursive: true, force: true });
});

const write = (name: string, text: string) => writeFileSync(join(project, name), text);
const scriptThatAdds = (what: string) => `import json, os
def init():
    global added
    path = os.path.join(os.environ["AZUREML_MODEL_DIR"], "weights.txt")
    added = ${what}
def run(raw_data):
    return [value + added for value in json.loads(raw_data)]
`;

interface Run {
  code: number;
  stdout: string;
  stderr: string;
}
const run = (...args: string[]): Promise<Run> => runWith({}, ...args);
function runWith(more: Record<string, string>, ...args: string[]): Promise<Run> {
  return new Promise((resolve) => {
    const child = execFile(
      process.execPath,
      [program, ...args],
      { env: { ...env, ...more }, cwd: project },
      (error, stdout, stderr) => resolve({ code: error === null ? 0 : Number(error.code), stdout, stderr }),
    );
    child.stdin?.end();
  });
}
const lastLine = <Shape>(text: string) => JSON.parse(text.trim().split("\n").at(-1) ?? "") as Shape;
const status = async () => JSON.parse((await run("status", "--json")).stdout) as Status;

describe("up", () => {
  test("makes a folder a live service that answers with its key", async () => {
    const { code, stdout, stderr } = await run("up", "--json");
    expect(stderr).toBe("");
    expect(code).toBe(0);
    const done = lastLine<Done>(stdout);
    expect(done).toMatchObject({ event: "done", changed: true, service: "adder", model: "adder:1", revision: 1 });
    const answer = await fetch(done.scoringUri, {
      method: "POST",
      body: "[1, 2]",
      headers: { authorization: `Bearer ${done.key}` },
    });
    expect(await answer.json()).toEqual([4, 5]);
  });

  test("does nothing the second time and says so first", async () => {
    const { stdout } = await run("up");
    expect(stdout).toMatch(/^Nothing to do: adder runs adder:1, revision 1\n/);
  });

  test("--dry-run tells a changed model and registers nothing", async () => {
    write("weights.txt", "5");
    const { stdout } = await run("up", "--dry-run");
    expect(stdout).toContain("as the next version of model adder");
    const models = JSON.parse((await run("model", "list", "--json")).stdout) as { items: unknown[] };
    expect(models.items).toHaveLength(1);
  });

  test("two at once make one change; the second waits and says for whom", async () => {
    const runs = await Promise.all([run("up", "--json"), run("up", "--json")]);
    expect(runs.map(({ code }) => code)).toEqual([0, 0]);
    const dones = runs.map(({ stdout }) => lastLine<Done>(stdout));
    expect(dones.map(({ changed }) => changed).sort()).toEqual([false, true]);
    expect(dones.map(({ model }) => model)).toEqual(["adder:2", "adder:2"]);
    expect(runs.map(({ stdout }) => stdout).join("")).toMatch(/Another `up` of adder is running \(pid \d+, since /);
  });

  test("flags win over the file and the settings stay at what they were told", async () => {
    expect(lastLine<Done>((await run("up", "--json", "--timeout-ms", "9000")).stdout).changed).toBe(true);
    expect(lastLine<Done>((await run("up", "--json")).stdout).changed).toBe(false);
    const service = JSON.parse((await run("service", "show", "adder", "--json")).stdout) as Done & {
      settings: unknown;
    };
    expect(service.settings).toMatchObject({ timeoutMs: 9000 });
  });

  test("what is printed comes whole, however late its reader takes it", async () => {
    const numbers = JSON.stringify(Array.from({ length: 100_000 }, (_, index) => index));
    write("numbers.json", numbers);
    const child = spawn(process.execPath, [program, "service", "invoke", "adder", "--file", "numbers.json"], {
      ...{ env, cwd: project, stdio: ["ignore", "pipe", "inherit"] },
    });
    const ended = once(child, "exit");
    await pause(1500);
    expect(JSON.parse(await text(child.stdout))).toHaveLength(100_000);
    expect(await ended).toEqual([0, null]);
  });

  test("starts a stopped service", async () => {
    expect((await run("service", "stop", "adder")).code).toBe(0);
    expect((await run("up", "--dry-run")).stdout).toContain("start service adder");
    expect(lastLine<Done>((await run("up", "--json")).stdout)).toMatchObject({ changed: true, model: "adder:2" });
  });

  test("a script that fails in init changes nothing and shows why", async () => {
    write("score.py", scriptThatAdds("1 / 0"));
    const { code, stderr } = await run("up");
    expect(stderr).toContain("ZeroDivisionError");
    expect(stderr).not.toMatch(/^\s+at .*\.js/m);
    expect(code).not.toBe(0);
    write("score.py", scriptThatAdds("int(open(path).read())"));
    expect(lastLine<Done>((await run("up", "--json")).stdout)).toMatchObject({ changed: false });
  });
});

describe("commands on files", () => {
  test("a registered folder comes back byte for byte under its own name", async () => {
    mkdirSync(join(project, "bundle", "sub"), { recursive: true });
    write("bundle/a.bin", "a".repeat(300_000));
    write("bundle/sub/b.bin", "b");
    const registered = await run("model", "register", "bundle", "--name", "two", "--tag", "x=1", "--json");
    expect(JSON.parse(registered.stdout)).toMatchObject({ reference: "two:1", tags: { x: "1" } });
    const target = join(folder, "download");
    expect((await run("model", "download", "two:1", "--output", target)).code).toBe(0);
    expect(readFileSync(join(target, "bundle/a.bin"), "utf8")).toBe("a".repeat(300_000));
    const again = await run("model", "download", "two", "--output", target);
    expect([again.code, again.stderr]).toEqual([2, expect.stringContaining("--overwrite")]);
    expect((await run("model", "download", "two", "--output", target, "--overwrite")).code).toBe(0);
  });

  test("a service is invoked with text, a file and stdin, and its failure is the command's", async () => {
    expect((await run("service", "invoke", "adder", "--data", "[1]")).stdout).toBe("[6]\n");
    expect((await run("service", "invoke", "adder", "--file", "sample.json")).stdout).toBe("[6]\n");
    expect((await run("service", "invoke", "adder", "--data", '"no"')).code).toBe(4);
  });

  test("either order names a key, and only that key changes", async () => {
    const keys = async (...args: string[]) =>
      JSON.parse((await run("service", ...args, "--json")).stdout) as Record<string, string>;
    const before = await keys("keys", "adder");
    const first = await keys("regenerate-key", "primary", "adder");
    const second = await keys("regenerate-key", "adder", "secondary");
    expect(first.secondary).toBe(before.secondary);
    expect(second.primary).toBe(first.primary);
    expect(new Set([...Object.values(before), ...Object.values(second)]).size).toBe(4);
  });

  test("a model in use is refused with 4, an absent one with 3, each with its request id", async () => {
    const used = await run("model", "delete", "adder:2");
    expect([used.code, used.stderr]).toEqual([4, expect.stringMatching(/in use by adder[\s\S]*Request id: /)]);
    expect((await run("model", "show", "nothing")).code).toBe(3);
  });

  test("records are exported to stdout and to a file", async () => {
    const file = join(folder, "records.jsonl");
    expect((await run("record", "export", "--output", file)).code).toBe(0);
    const direct = await run("record", "export");
    expect(
      direct.stdout
        .trim()
        .split("\n")
        .map((line) => JSON.parse(line).service),
    ).toContain("adder");
    expect(readFileSync(file, "utf8").split("\n").length).toBeGreaterThan(1);
  });
});

describe("the local server", () => {
  test("eight commands at once start one server", async () => {
    await run("down");
    const runs = await Promise.all(Array.from({ length: 8 }, () => run("model", "list", "--json")));
    expect(runs.map(({ code, stderr }) => [code, stderr])).toEqual(Array.from({ length: 8 }, () => [0, ""]));
    const started = readFileSync(join(folder, "home", "logs", "server.log"), "utf8").match(/"msg":"serving"/g);
    expect(started).toHaveLength(2); // the one of the first test, and this one
  });

  test("down ends the server, the host and its workers, also when the server is dead", async () => {
    await run("up");
    const { server, scoring } = await status();
    expect(scoring?.grpc).toMatch(/^127\.0\.0\.1:\d+$/);
    const service = JSON.parse((await run("service", "show", "adder", "--json")).stdout) as ServiceDetail;
    const workers = service.replicas.map(({ pid }) => pid);
    expect(workers).toEqual([expect.any(Number)]);
    process.kill(server?.pid ?? 0, "SIGKILL");
    expect((await run("down")).stdout).toContain("scoring host");
    for (const pid of [server?.pid, scoring?.pid, ...workers]) expect(processStartTime(pid ?? 0)).toBeNull();
    expect(await status()).toMatchObject({ server: null, scoring: null, services: [] });
    expect((await run("down")).stdout).toBe("Nothing was running\n");
  });

  test("up after down comes back when the service answers, with several processes for scoring too", async () => {
    expect(await run("up", "--fronts", "many")).toMatchObject({
      code: 2,
      stderr: expect.stringContaining("--fronts: is a number"),
    });
    const up = await run("up", "--fronts", "2", "--json");
    const lines = up.stdout.trim().split("\n");
    const done = JSON.parse(lines.at(-1) ?? "") as Done;
    expect(done.changed).toBe(false);
    expect(done.scoringUri).toMatch(/^http:/);
    const headers = { authorization: `Bearer ${done.key}` };
    const answers = await Promise.all(
      Array.from({ length: 6 }, async () =>
        (await fetch(done.scoringUri, { method: "POST", body: "[1]", headers })).text(),
      ),
    );
    expect(answers).toEqual(Array.from({ length: 6 }, () => "[6]"));
    const service = JSON.parse((await run("service", "show", "adder", "--json")).stdout) as ServiceDetail;
    expect([service.state, service.replicas.length]).toEqual(["ready", 2]);
    const other = await run("server", "start", "--fronts", "3");
    expect([other.code, other.stderr]).toEqual([
      2,
      expect.stringContaining("was started with 2; `modelyard down` ends it"),
    ]);
    expect((await run("server", "start", "--fronts", "2")).code).toBe(0);
    await run("down");
    for (const { pid } of service.replicas) expect(processStartTime(pid ?? 0)).toBeNull();
  });

  test("down ends a host whose supervisor is dead", async () => {
    await run("up");
    const supervisor = Number(readFileSync(join(folder, "home", "host", "supervisor.pid"), "utf8"));
    process.kill(supervisor, "SIGKILL");
    const { scoring } = await status();
    await run("down");
    expect(processStartTime(scoring?.pid ?? 0)).toBeNull();
  });

  test("a taken port is told with its holder's remedy and ends with 4", async () => {
    const holder = createServer();
    await new Promise<void>((resolve) => holder.listen(0, "127.0.0.1", resolve));
    const { port } = holder.address() as AddressInfo;
    const { code, stderr } = await runWith({ MODELYARD_PORT: String(port) }, "server", "start");
    holder.close();
    expect([code, stderr]).toEqual([
      4,
      expect.stringMatching(new RegExp(`Port ${port} is in use[\\s\\S]*MODELYARD_PORT=`)),
    ]);
  });

  test("in the foreground it stays, answers, and ends on SIGTERM", async () => {
    const child = execFile(process.execPath, [program, "server", "start", "--foreground"], { env });
    const exit = new Promise((resolve) => child.once("exit", resolve));
    let server = null;
    for (let tries = 0; server === null && tries < 1200; tries += 1) {
      await new Promise((resolve) => setTimeout(resolve, 50));
      server = (await status()).server;
    }
    expect((await fetch(`${server?.url}/healthz`)).status).toBe(200);
    child.kill("SIGTERM");
    expect(await exit).toBe(0);
  });
});

test("an interrupted command ends with 130", async () => {
  const child = execFile(process.execPath, [program, "service", "invoke", "adder", "-"], { env });
  // it reads stdin, which never ends; what is written is taken only once it does
  await new Promise((resolve) => child.stdin?.write("[".repeat(8_000_000), resolve));
  child.kill("SIGINT");
  expect(await new Promise((resolve) => child.once("exit", resolve))).toBe(130);
});
