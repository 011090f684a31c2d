import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { stopHost } from "../server.ts";

const program = join(import.meta.dirname, "../../dist/server.js");

test.skipIf(!existsSync("/proc/self/autogroup"))(
  "a server in a session of its own leaves the cores to its host; one in another's leaves that as it is",
  async () => {
    const before = readFileSync("/proc/self/autogroup", "utf8");
    for (const detached of [true, false]) {
      const home = mkdtempSync(join(tmpdir(), "lower-priority-"));
      const env = { PATH: process.env.PATH, MODELYARD_HOME: home, MODELYARD_PORT: "0", MODELYARD_SCORING_PORT: "0" };
      const server = spawn(process.execPath, [program], { env, detached, stdio: "ignore" });
      try {
        await expect
          .poll(() => existsSync(join(home, "run", "server.json")) && existsSync(join(home, "host", "host.json")), {
            timeout: 60_000,
          })
          .toBe(true);
        const autogroup = readFileSync(`/proc/${server.pid}/autogroup`, "utf8");
        if (detached) expect(autogroup).toMatch(/nice 5\n$/);
        else expect(autogroup).toBe(before);
        const { pid: host } = JSON.parse(readFileSync(join(home, "host", "host.json"), "utf8")) as { pid: number };
        expect(readFileSync(`/proc/${host}/autogroup`, "utf8")).toMatch(/nice 0\n$/);
      } finally {
        server.kill();
        await once(server, "exit");
        await stopHost(home);
        rmSync(home, { recursive: true });
      }
    }
  },
);
