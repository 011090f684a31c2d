import { type ChildProcess, spawn } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll } from "vitest";
import { type SpooledHead, segmentName } from "../../../src/contract/host.ts";
import { makeSpoolGroup } from "../../../src/host/spool-entry.ts";
import { makeRandom } from "../../../src/monitor/drift/math/random.ts";
import { type CliRun, cli } from "../../cli/run-cli.ts";
import { freePort } from "../../free-port.ts";
import { startServer, type TestServer } from "../../server.ts";

const upstream = join(import.meta.dirname, "../../host/fixtures/upstream.mjs");
const random = makeRandom(42);

export const now = Date.now();
export const hour = 3_600_000;
export const normal = () => random.normal();
export const person = () => ({
  age: Math.round(1000 * (40 + 10 * random.normal())) / 1000,
  city: ["Bern", "Zürich", "東京"][Math.floor(3 * random.uniform())],
  income: random.uniform() < 0.02 ? null : Math.round(1e4 * Math.exp(random.normal())),
});
export const grade = () => (random.uniform() < 0.3 ? "bad" : "good");

export function csv(): string {
  const lines = Array.from({ length: 2000 }, () => {
    const { age, city, income } = person();
    return `${age},"${city}",${income ?? ""},${grade()}`;
  });
  return `age,city,income,grade\r\n${lines.join("\r\n")}\r\n`;
}

export interface Loans {
  server: TestServer;
  /** With weights.json and train.csv. */
  folder: string;
  image: string;
  /** Runs a command line in the folder. */
  run(...args: string[]): Promise<CliRun>;
  /** Spools requests of 25 rows as the host would have, all of one moment. */
  spoolRows(
    at: number,
    count: number,
    row: (i: number) => object,
    answer?: () => string,
    of?: Partial<SpooledHead>,
  ): Promise<void>;
}

/** A server with the service loans, whose version was registered with its training rows. */
export function useLoans(): Loans {
  let other: ChildProcess;
  let segment = now;
  const loans = {
    run: (...args: string[]) => {
      const { server, folder } = loans;
      return cli(args, { MODELYARD_URL: server.url, MODELYARD_TOKEN: server.token }, "", folder);
    },
    async spoolRows(at, count, row, answer = grade, of = {}) {
      const group = makeSpoolGroup(1 << 20);
      for (let i = 0; i < count; i += 25) {
        const body = Buffer.from(JSON.stringify({ data: Array.from({ length: 25 }, (_, i) => row(i)) }));
        const answered = Buffer.from(JSON.stringify(Array.from({ length: 25 }, answer)));
        const head: SpooledHead = {
          ...{ id: `${at}-${i}`, service: "loans", revision: 1, image: loans.image, models: ["loans:1"], ...of },
          ...{ at, durationMs: 2, status: 200 },
          ...{ kept: true, bodySize: body.length, answerSize: answered.length, bodyBytes: body.length },
          ...{ answerBytes: answered.length, contentType: "application/json", answerType: "application/json" },
        };
        group.add({ head, body, answer: answered });
      }
      segment += 1;
      await writeFile(join(loans.server.home, "host", "spool", segmentName(segment)), group.bytes());
    },
  } as Loans;
  beforeAll(async () => {
    const port = await freePort();
    other = spawn(process.execPath, [upstream, String(port)], { stdio: "ignore" });
    loans.folder = await mkdtemp(join(tmpdir(), "modelyard-drift-"));
    loans.server = await startServer();
    await writeFile(join(loans.folder, "weights.json"), "{}");
    await writeFile(join(loans.folder, "train.csv"), csv());
    const trained = ["--baseline", "train.csv", "--baseline-target", "grade"];
    const registered = await loans.run("model", "register", "weights.json", "--name", "loans", ...trained);
    if (registered.exitCode !== 0) throw new Error(registered.stderr);
    const service = await loans.server.client.deployService({
      name: "loans",
      models: ["loans"],
      upstream: { url: `http://127.0.0.1:${port}`, score: "/sum" },
      sample: '{"data": [[1, 2, 3]]}',
    });
    loans.image = service.image;
  });
  afterAll(async () => {
    other.kill();
    await loans.server.remove();
    await rm(loans.folder, { recursive: true, force: true });
  });
  return loans;
}
