import { execFileSync } from "node:child_process";
import { afterEach, expect, test } from "vitest";
import { exposition } from "../../src/host/metrics/exposition.ts";
import { makeHistogram, observe } from "../../src/host/metrics/histogram.ts";
import { control, key, service, startTestHost, sumsRevision, type TestHost } from "./host-fixture.ts";

let host: TestHost | undefined;
afterEach(async () => {
  await host?.close();
  host = undefined;
});

const sampleOf = (text: string, line: string): number | undefined => {
  const found = text.split("\n").find((one) => one.startsWith(`${line} `));
  return found === undefined ? undefined : Number(found.slice(line.length + 1));
};

test("a histogram counts every value once, and its buckets add up", () => {
  const histogram = makeHistogram([1, 2.5]);
  for (const value of [0.5, 1, 1.5, 2.5, 3, 100]) observe(histogram, value);
  const text = exposition([
    { name: "x", help: "a \\ b\nc", type: "histogram", samples: [{ labels: { a: '"q"\n' }, histogram }] },
  ]);
  expect(text).toBe(
    [
      "# HELP x a \\\\ b\\nc",
      "# TYPE x histogram",
      'x_bucket{a="\\"q\\"\\n",le="1"} 2',
      'x_bucket{a="\\"q\\"\\n",le="2.5"} 4',
      'x_bucket{a="\\"q\\"\\n",le="+Inf"} 6',
      'x_sum{a="\\"q\\"\\n"} 108.5',
      'x_count{a="\\"q\\"\\n"} 6',
      "",
    ].join("\n"),
  );
});

test("requests, batches and records are counted by service, revision and status; the key decides what is shown", async () => {
  host = await startTestHost();
  await host.serve(service([sumsRevision()]));
  for (let index = 0; index < 5; index += 1) expect((await host.score('{"data": [[1, 2, 3]]}')).status).toBe(200);
  expect((await host.score('{"data": [[1, 2]]}')).status).toBe(400);
  for (const path of ["/metrics", "/services/shop/metrics"]) {
    expect((await host.get(path)).status).toBe(401);
    const { status, text } = await host.get(path, { authorization: `Bearer ${key}` });
    expect(status).toBe(200);
    const labels = 'service="shop",revision="1"';
    expect(sampleOf(text, `modelyard_requests_total{${labels},code="200"}`)).toBe(5);
    expect(sampleOf(text, `modelyard_requests_total{${labels},code="400"}`)).toBe(1);
    expect(sampleOf(text, `modelyard_request_duration_seconds_count{${labels}}`)).toBe(6);
    expect(sampleOf(text, `modelyard_batch_requests_sum{${labels}}`)).toBe(5);
    expect(sampleOf(text, `modelyard_records_total{${labels}}`)).toBe(6);
    expect(sampleOf(text, `modelyard_workers_ready{${labels}}`)).toBe(1);
    expect(sampleOf(text, `modelyard_requests_waiting{${labels}}`)).toBe(0);
  }
  expect((await host.get("/services/nothing/metrics")).status).toBe(401);
  const all = await control(host.folder, "GET", "/metrics");
  const [resident, used] = ["process_resident_memory_bytes", "nodejs_heap_size_used_bytes"].map((name) =>
    Number(sampleOf(all.text, name)),
  );
  expect(used).toBeGreaterThan(1e6);
  expect(resident).toBeGreaterThan(used as number);
});

test("promtool finds nothing to say about the metrics", async (context) => {
  try {
    execFileSync("promtool", ["--version"], { stdio: "ignore" });
  } catch {
    return context.skip("promtool is not on this machine");
  }
  host = await startTestHost();
  await host.serve(service([sumsRevision()]));
  await host.score('{"data": [[1, 2, 3]]}');
  const { text } = await control(host.folder, "GET", "/metrics");
  expect(execFileSync("promtool", ["check", "metrics"], { input: text, encoding: "utf8" })).toBe("");
});
