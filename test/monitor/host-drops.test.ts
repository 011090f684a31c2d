import { mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { openDropCounts } from "../../src/host/drop-counts.ts";
import { silentLog } from "../../src/kernel/log.ts";
import { readTwoSlots } from "../../src/kernel/two-slots.ts";
import { droppedRecords } from "../../src/monitor/collect/dropped-records.ts";
import { countDrops } from "../../src/monitor/collect/rows/drops.ts";
import { spoolFolders } from "../../src/stores/spool-folder.ts";
import { makeFolder } from "../host/host-fixture.ts";
import { deployScript, score } from "../scripts.ts";
import { startServer } from "../server.ts";
import { type Monitor, openMonitor } from "./monitor-fixture.ts";

const waiting = { timeout: 30_000 };

describe("records that could not be kept", () => {
  let monitor: Monitor;
  let folder: ReturnType<typeof makeFolder>;
  beforeEach(async () => {
    monitor = await openMonitor();
    folder = makeFolder();
  });
  afterEach(async () => {
    await monitor.close();
    folder.remove();
  });
  const dropped = () => {
    const spool = spoolFolders(folder.path, { flush: async () => {} });
    return droppedRecords({ db: monitor.ports.db, spool });
  };
  const openCounts = (place = ".") => {
    mkdirSync(join(folder.path, place), { recursive: true });
    return openDropCounts(join(folder.path, place, "dropped"), silentLog);
  };

  it("are counted over all lives of a host, and all of its fronts", async () => {
    expect(await dropped()).toEqual({});
    for (const [life, place] of [".", ".", "fronts/1", "fronts/3", "."].entries()) {
      const counts = openCounts(place);
      counts.add("disk-full", 3);
      counts.add("disk-full", 1);
      counts.add("spool-full", 0);
      await counts.close();
      expect(await dropped()).toEqual({ "disk-full": 4 * (life + 1) });
    }
  });

  it("are those of hosts and of the server together, and of hosts from before they kept their counts", async () => {
    await monitor.ports.db.transaction((tx) => countDrops(tx, { torn: 2, shared: 1 }));
    await monitor.run("insert into host_drops (reason, records, seen, host) values ('shared', 10, 10, 1)");
    const counts = openCounts();
    counts.add("shared", 4);
    await counts.flush();
    expect(await dropped()).toEqual({ torn: 2, shared: 15 });
    await counts.close();
  });

  it("are in the file by themselves, and told as one count when there are too many reasons", async () => {
    const counts = openCounts();
    counts.add("a", 1);
    const text = () => readTwoSlots(join(folder.path, "dropped"));
    await expect.poll(text, waiting).toBe('{"a":1}');
    for (let reason = 0; reason < 300; reason += 1) counts.add(`a long reason ${reason}`, 2);
    await counts.close();
    expect(await text()).toBe('{"other":601}');
  });

  it("are counted on in memory while the file cannot be written", async () => {
    mkdirSync(join(folder.path, "dropped"));
    const counts = openCounts();
    counts.add("disk-full", 1);
    await counts.flush();
    expect(counts.all()).toEqual({ "disk-full": 1 });
    await counts.close();
  });
});

it("what a host dropped that is killed moments later stays counted, and the next one counts on", async () => {
  const server = await startServer();
  try {
    const code = [
      "from azureml.monitoring import ModelDataCollector",
      "def init():\n    global rows\n    rows = ModelDataCollector('odd', 'general')",
      "def run(raw_data):\n    rows.collect('no table')\n    return 1",
    ];
    const { scoringUri } = await deployScript(server, "odd", code.join("\n"), { auth: "none" });
    const counted = async () => (await server.client.getRecordStatus({})).dropped["collection-not-tabular"];
    const hostPid = () => (JSON.parse(readFileSync(join(server.home, "host", "host.json"), "utf8")) as { pid: number }).pid; // biome-ignore format: one line
    for (const life of [1, 2]) {
      await expect.poll(async () => (await score(scoringUri, undefined, "{}").catch(() => ({ status: 0 }))).status, waiting).toBe(200); // biome-ignore format: one line
      await expect.poll(counted, waiting).toBe(life);
      const pid = hostPid();
      process.kill(pid, "SIGKILL");
      expect(await counted()).toBe(life);
      await expect.poll(hostPid, waiting).not.toBe(pid);
    }
  } finally {
    await server.remove();
  }
});
