// 100 columns × 1 M rows through what ingest does with a record, then a report. Run in a process of its own, whose memory is measured.
// Usage: node scale.mjs MODULE FOLDER ROWS
import { join } from "node:path";

const [module, folder, rows] = process.argv.slice(2);
const statistics = await import(module);
const { db, close } = await statistics.openSqlite(join(folder, "modelyard.db"));
const columns = Array.from({ length: 100 }, (_, i) => `c${i}`);
const perRecord = 100;
const hour = 3_600_000;
const start = Date.UTC(2026, 0, 1);

const normal = () => Math.sqrt(-2 * Math.log(1 - Math.random())) * Math.cos(2 * Math.PI * Math.random());
const value = (i) =>
  i % 10 === 9 ? ["red", "green", "blue"][Math.floor(3 * Math.random())] : Number(normal().toFixed(5));
const drawRows = (count) => Array.from({ length: count }, () => columns.map((_, i) => value(i)));

const trained = [{ columns, rows: drawRows(20_000) }];
const begun = { baseline: performance.now() };
const { inputs } = await statistics.profileRows(async function* () {
  yield* trained;
}, null);
const baselineMs = performance.now() - begun.baseline;
const source = { kind: "window", since: 0, until: 1 };
const made = { profiled: { inputs, predictions: null }, source, by: "bench", at: start };
await db.transaction((tx) => statistics.keepBaselines(tx, { service: "wide" }, made));
trained.length = 0;

// Bodies as clients send them; drawing them is no part of what is measured.
const bodies = Array.from({ length: 40 }, () => {
  const text = JSON.stringify({ dataframe_split: { columns, data: drawRows(perRecord) } });
  return Buffer.from(text);
});
const signature = { input: { kind: "rows", columns: 100, names: columns } };
const answer = Buffer.from(JSON.stringify(Array.from({ length: perRecord }, () => 1)));
const consumer = statistics.profileRecords();
const span = (8 * hour) / (Number(rows) / perRecord);

function entryOf(i) {
  const body = bodies[i % bodies.length];
  const at = Math.floor(start + i * span);
  const head = {
    id: `r${i}`,
    service: "wide",
    revision: 1,
    image: "i",
    models: [],
    at,
    durationMs: 1,
    status: 200,
    kept: true,
  };
  const record = {
    status: 200,
    body,
    bodySize: body.length,
    answer,
    answerSize: answer.length,
    contentType: "application/json",
    answerType: "application/json",
    language: "mlflow",
  };
  let decoded;
  return { head, decoded: () => (decoded ??= statistics.decodeRecord(record, signature)) };
}

const cpuMs = () => {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
};
const cpuBefore = cpuMs();
begun.ingest = performance.now();
let bytes = 0;
for (let i = 0; i < rows / perRecord; ) {
  // As ingest reads: in batches; here of 4 MiB.
  const batch = [];
  for (let size = 0; size < 4 << 20 && i < rows / perRecord; i += 1) {
    batch.push(entryOf(i));
    size += bodies[i % bodies.length].length;
    bytes += bodies[i % bodies.length].length;
  }
  const { add, finish } = consumer.gather();
  for (const entry of batch) add(entry);
  const gathered = await finish(db);
  await db.transaction((tx) => consumer.write(tx, gathered));
}
const ingestMs = performance.now() - begun.ingest;
const ingestCpuMs = cpuMs() - cpuBefore;

const cpuBeforeReport = cpuMs();
begun.report = performance.now();
const report = await statistics.driftOf({ db, clock: { now: () => start + 8 * hour - 1 } }, "wide", { windowMs: hour });
const reportMs = performance.now() - begun.report;
const reportCpuMs = cpuMs() - cpuBeforeReport;
await close();
const counted = report.windows.reduce((sum, window) => sum + window.rows, 0);
const { maxRSS } = process.resourceUsage();
const compared = report.inputs.columns.length * report.windows.length;
process.stdout.write(
  JSON.stringify({
    rows: Number(rows),
    counted,
    bytes,
    compared,
    baselineMs,
    ingestMs,
    reportMs,
    ingestCpuMs,
    reportCpuMs,
    peakBytes: maxRSS * 1024,
  }),
);
