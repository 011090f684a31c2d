import { rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, describe, expect, it } from "vitest";
import type { WantedRevision } from "../../src/contract/host.ts";
import { restartPolicy } from "../../src/host/replica.ts";
import type { HostLimits } from "../../src/host/start-host.ts";
import { revisionIn, service, startTestHost, type TestHost } from "../host/host-fixture.ts";

/** An engine, as the suite of all engines runs it. */
export interface EngineUnderTest {
  limits?: Partial<HostLimits>;
  /** Answers the sum of the three numbers of each row; copies its files below `folder`. */
  revision(folder: string, more?: Partial<WantedRevision>): WantedRevision;
  /** Whether the model takes seconds, and not the host's, when the first number of a row is some thousands. */
  canBeSlow: boolean;
  /** Whether a worker has a process of its own. */
  hasProcess: boolean;
  /** Whether requests go on to a server as they are: nothing of ours reads rows, and no worker of ours dies. */
  passesOn?: boolean;
}

const slow = '{"data": [[4000, 0, 0]]}';
/** What is not to be done before it is ended. */
const slowest = '{"data": [[40000, 0, 0]]}';
const quick = '{"data": [[0, 2, 3]]}';
const codeOf = (reply: { json: () => unknown }) => (reply.json() as { error: { code: string } }).error.code;
const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

/** What every engine does in the same way. */
export function engineSuite(name: string, engine: EngineUnderTest): void {
  const limits = { restart: { ...restartPolicy, firstMs: 50, stopGraceMs: 500 }, recoverMs: 300, ...engine.limits };
  let host: TestHost;
  const serve = async (more: Partial<WantedRevision> = {}) => {
    host = await startTestHost(limits);
    const revision = engine.revision(host.folder, more);
    await host.serve(service([revision]));
    return revision;
  };
  const replica = async () => revisionIn(await host.seen(() => true))?.replicas[0];

  // what an engine has not is no test of it, and none that was skipped
  describe(name, () => {
    afterEach(() => host.close());

    it("answers one number for each row, as JSON with a decimal point", async () => {
      await serve();
      const reply = await host.score('{"data": [[1, 2, 3], [0.5, 0.25, -7]]}');
      expect([reply.status, reply.text]).toEqual([200, "[6.0,-6.25]"]);
      expect(reply.headers["content-type"]).toBe("application/json");
      if (!engine.passesOn) expect(Number(reply.headers["x-ms-run-fn-exec-ms"])).toBeGreaterThanOrEqual(0);
      expect((await host.score('{"data": []}')).text).toBe("[]");
    });

    it("gives each of many requests at once its own rows", async () => {
      await serve({ replicas: 2 });
      const bodies = Array.from({ length: 200 }, (_, i) =>
        JSON.stringify({ data: Array(1 + (i % 3)).fill([0, i, 0.5]) }),
      );
      const replies = await Promise.all(bodies.map((body) => host.score(body)));
      expect(replies.map(({ text }) => JSON.parse(text))).toEqual(
        bodies.map((_, i) => Array(1 + (i % 3)).fill(i + 0.5)),
      );
    });

    if (!engine.passesOn)
      it("refuses a row of another width, and a method the model does not have, as the client's mistake", async () => {
        await serve({ signature: { input: { kind: "rows", columns: null, names: null } } });
        const replies = await Promise.all([
          host.score('{"data": [[1, 2]]}'),
          host.score(quick),
          host.score('{"data": [[1, 2, 3]], "method": "predict_proba"}'),
        ]);
        expect(replies.map(({ status }) => status)).toEqual([400, 200, 400]);
        expect(codeOf(replies[0] as (typeof replies)[number])).toBe("rows-invalid");
        expect(replies[2]?.text).toContain("this model has no predict_proba");
      });

    it("has failed with the name of the file when that was changed or lost", async () => {
      host = await startTestHost(limits);
      for (const spoil of [(path: string) => writeFileSync(path, "other bytes"), (path: string) => rmSync(path)]) {
        const revision = engine.revision(host.folder);
        const [model] = revision.models;
        const path = model?.files[0]?.path ?? "";
        spoil(join(model?.path ?? "", path));
        await host.want(service([revision]));
        const seen = await host.seen((state) => revisionIn(state)?.state === "failed");
        expect(revisionIn(seen)?.reason).toMatch(
          new RegExp(`digest-mismatch: ${path} of model sums:1 (was changed|is missing)`),
        );
        await host.want();
      }
    });

    it("answers what is in its hands before its revision ends", async () => {
      const revision = await serve();
      const next = engine.revision(host.folder, { number: 2, share: 0 });
      await host.serve(service([revision, next]));
      const replies = Array.from({ length: 50 }, () => host.score(quick));
      await host.want(service([{ ...next, share: 100 }]));
      expect((await Promise.all(replies)).filter(({ status }) => status !== 200)).toEqual([]);
      await host.seen((state) => state.services[0]?.revisions.length === 1);
      expect((await host.score(quick)).text).toBe("[5.0]");
    });

    if (engine.canBeSlow)
      it("keeps the host free while it runs: other services answer meanwhile", async () => {
        await serve();
        let over = false;
        const running = host.score(slow).then((reply) => {
          over = true;
          return reply;
        });
        await pause(200);
        for (let i = 0; i < 5; i += 1) expect((await host.get("/services/shop/")).text).toBe("Healthy");
        expect(over).toBe(false);
        expect((await running).text).toBe("[4000.0]");
      });

    if (engine.canBeSlow)
      it("gives 504 to a request over its time, and answers the next ones", async () => {
        await serve({ timeoutMs: 400 });
        const late = await host.score(slow);
        expect([late.status, codeOf(late)]).toEqual([504, "scoring-timeout"]);
        await expect.poll(async () => (await host.score(quick)).text).toBe("[5.0]");
      });

    if (engine.hasProcess)
      it("comes back when its process is killed; only what it worked on is lost", async () => {
        await serve();
        const worked = host.score(slowest);
        // a request that the worker has not begun goes to the next one
        await pause(1500);
        process.kill(Number((await replica())?.pid), "SIGKILL");
        expect(codeOf(await worked)).toBe(engine.passesOn ? "upstream-failed" : "worker-died");
        await host.seen(
          (state) => revisionIn(state)?.replicas[0]?.restarts === 1 && revisionIn(state)?.state === "ready",
        );
        expect((await host.score(quick)).text).toBe("[5.0]");
      });

    if (!engine.hasProcess)
      it("leaves no process behind", async () => {
        await serve();
        expect(await replica()).toMatchObject({ state: "ready", pid: null });
      });
  });
}
