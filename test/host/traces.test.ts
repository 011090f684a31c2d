import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { makeJsonLog } from "../../src/host/json-log.ts";
import { systemClock } from "../../src/kernel/clock.ts";
import { key, recordsOf, scriptRevision, service, startTestHost, type TestHost } from "./host-fixture.ts";

const script = `
def init():
    pass
def run(raw_data, request_headers):
    if raw_data == "raise":
        raise RuntimeError("the secret of the script")
    return {name.lower(): value for name, value in request_headers.items()}
`;
const traceId = "0af7651916cd43dd8448eb211c80319c";
const traceparent = `00-${traceId}-b7ad6b7169203331-00`;

let host: TestHost;
const lines: string[] = [];
beforeAll(async () => {
  const log = makeJsonLog("host", systemClock, (line) => lines.push(line));
  host = await startTestHost({}, undefined, { log });
  await host.serve(service([scriptRevision(host.folder, script)]));
});
afterAll(() => host.close());

type Line = Record<string, unknown>;
const failures = (): Line[] =>
  lines.map((line) => JSON.parse(line) as Line).filter(({ msg }) => msg === "a scoring request failed");
const seenBy = async (headers: Record<string, string>) =>
  (await host.score("x", headers)).json() as Record<string, string>;

describe("the trace of a request", () => {
  it("goes on to the script as it came and stands in the record", async () => {
    const headers = { traceparent, tracestate: "a=b", "x-request-id": "named-1" };
    expect(await seenBy(headers)).toMatchObject({ traceparent, tracestate: "a=b" });
    expect((await recordsOf(host)).find(({ head }) => head.id === "named-1")?.head.traceId).toBe(traceId);
  });

  it("begins here when none came or a bad one, with the id of the request", async () => {
    const headers: Record<string, string>[] = [{}, { traceparent: "00-nonsense", tracestate: "a=b" }];
    for (const bad of headers) {
      const reply = await host.score("x", bad);
      const id = reply.headers["x-request-id"] ?? "";
      const seen = reply.json() as Record<string, string>;
      expect(seen.traceparent?.split("-").slice(0, 2)).toEqual(["00", id.replaceAll("-", "")]);
      expect(seen.tracestate).toBeUndefined();
      expect(reply.headers.traceparent).toBeUndefined();
      expect((await recordsOf(host)).find(({ head }) => head.id === id)?.head.traceId).toBe(
        "traceparent" in bad ? id.replaceAll("-", "") : undefined,
      );
    }
  });
});

describe("a request that failed", () => {
  it("is one line of JSON with its trace and without its body or key; one that did not fail is none", async () => {
    const before = failures().length;
    await host.score("fine");
    await host.score("raise", { traceparent, "x-request-id": "raised-1" });
    await host.score("x", { authorization: "Bearer mk_wrong", "x-request-id": "refused-1" });
    const [raised, refused] = failures().slice(before);
    expect(failures().length).toBe(before + 2);
    expect(raised).toMatchObject({
      level: 40,
      component: "host",
      requestId: "raised-1",
      traceId,
      service: "shop",
      revision: 1,
      status: 500,
      code: "scoring-failed",
      durationMs: expect.any(Number),
    });
    expect(refused).toMatchObject({
      requestId: "refused-1",
      status: 401,
      code: "unauthenticated",
      path: "/services/shop/score",
    });
    for (const secret of ["mk_wrong", key, "secret of the script"]) expect(lines.join("")).not.toContain(secret);
  });

  it("in a flood of others is counted, not written", async () => {
    const before = failures().length;
    await Promise.all(Array.from({ length: 200 }, () => host.get("/nothing?key=in-the-query")));
    expect(failures().length - before).toBeLessThan(200);
    await expect
      .poll(
        async () => {
          await host.get("/nothing");
          return failures().reduce((sum, { leftOut = 0 }) => sum + (leftOut as number), 0);
        },
        { timeout: 30_000 },
      )
      .toBeGreaterThan(0);
    expect(lines.join("")).not.toContain("in-the-query");
  });
});
