import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { request } from "node:http";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import type { SeenRevision, SeenState, WantedModel, WantedRevision, WantedService } from "../../src/contract/host.ts";
import { type Host, type HostLimits, type HostOptions, startHost } from "../../src/host/start-host.ts";
import { systemClock } from "../../src/kernel/clock.ts";
import { sha256 } from "../../src/kernel/hash.ts";
import { silentLog } from "../../src/kernel/log.ts";
import type { CollectedEntry, SpooledEntry } from "../../src/monitor/collect/spooled-entries.ts";
import { entriesIn } from "../spooled.ts";

export const root = resolve(import.meta.dirname, "../..");
export const workerProgram = join(root, "python/src");
const python = execFileSync("python3", ["-c", "import sys; print(sys.executable)"], { encoding: "utf8" }).trim();
export const key = "a-key-of-the-tests";
const sumsModel = {
  name: "sums",
  version: 1,
  path: join(root, "protocol/worker/fixtures/azureml-models/sums/1"),
  files: [],
  framework: null,
};

export function makeFolder(): { path: string; remove(): void } {
  const path = mkdtempSync(join(tmpdir(), "host-test-"));
  return { path, remove: () => rmSync(path, { recursive: true, force: true }) };
}

/** A revision that answers with an entry script of the standard library. */
export function scriptRevision(folder: string, code: string, more: Partial<WantedRevision> = {}): WantedRevision {
  const source = mkdtempSync(join(folder, "source-"));
  writeFileSync(join(source, "score.py"), code);
  return {
    number: 1,
    share: 100,
    image: `image-${more.number ?? 1}`,
    python,
    models: [],
    script: { folder: source, entry: "score.py", files: [] },
    env: {},
    replicas: 1,
    timeoutMs: 20_000,
    signature: { input: { kind: "text" } },
    sample: null,
    ...more,
  };
}

/** A revision without a script, whose model adds up the three numbers of each row. */
export function sumsRevision(more: Partial<WantedRevision> = {}): WantedRevision {
  return {
    number: 1,
    share: 100,
    image: "image-sums",
    python,
    models: [sumsModel],
    script: null,
    env: {},
    replicas: 1,
    timeoutMs: 20_000,
    signature: { input: { kind: "rows", columns: 3, names: null } },
    sample: '{"data": [[1, 2, 3]]}',
    ...more,
  };
}

/** A pickle of an instance of the class `Model` that `code` defines. */
export function pickledModel(folder: string, code: string): WantedModel {
  const path = mkdtempSync(join(folder, "model-"));
  const module = `model_${path.slice(-6)}`;
  writeFileSync(join(path, `${module}.py`), code);
  const program = `import pickle, sys\nfrom ${module} import Model\npickle.dump(Model(), open(sys.argv[1], "wb"))`;
  execFileSync(python, ["-B", "-c", program, join(path, "model.pkl")], { cwd: path });
  return { name: "pickled", version: 1, path, files: [], framework: null };
}

export function service(revisions: WantedRevision[], more: Partial<WantedService> = {}): WantedService {
  return {
    name: "shop",
    auth: "key",
    keyDigests: [sha256(key), sha256("the-other-key")],
    maxBodyBytes: 100_000,
    record: { rate: 1, maxBytes: 1000 },
    revisions,
    ...more,
  };
}

export interface Reply {
  status: number;
  headers: Record<string, string>;
  text: string;
  json: () => unknown;
}

/** Sends one HTTP request over the control socket of a host folder. */
export function control(folder: string, method: string, path: string, body = ""): Promise<Reply> {
  return new Promise((resolve, reject) => {
    const options = { socketPath: join(folder, "control.sock"), method, path, agent: false };
    const call = request(options, (response) => {
      let text = "";
      response.setEncoding("utf8");
      response.on("data", (chunk: string) => {
        text += chunk;
      });
      response.on("end", () =>
        resolve({
          status: response.statusCode ?? 0,
          headers: response.headers as Record<string, string>,
          text,
          json: () => JSON.parse(text),
        }),
      );
    });
    call.on("error", reject);
    call.end(body);
  });
}

/** Follows the seen state over the control socket until it fits. */
export async function waitForSeen(folder: string, fits: (seen: SeenState) => boolean, limitMs = 60_000) {
  const end = performance.now() + limitMs;
  let after = -1;
  for (;;) {
    const seen = (await control(folder, "GET", `/seen?after=${after}&waitMs=1000`)).json() as SeenState;
    if (fits(seen)) return seen;
    if (performance.now() > end) throw new Error(`never seen; at last: ${JSON.stringify(seen.services)}`);
    after = seen.change;
  }
}

export function revisionIn(seen: SeenState, number = 1, name = "shop"): SeenRevision | undefined {
  return seen.services.find((one) => one.name === name)?.revisions.find((one) => one.number === number);
}

export interface TestHost {
  folder: string;
  url: string;
  /** host:port of gRPC. */
  grpc: string;
  host: Host;
  want(...services: WantedService[]): Promise<SeenState>;
  /** Asks for the services and waits until all their revisions are ready. */
  serve(...services: WantedService[]): Promise<void>;
  seen(fits: (seen: SeenState) => boolean): Promise<SeenState>;
  /** A scoring request with the key, unless `headers` say otherwise. */
  score(body: string | Uint8Array, headers?: Record<string, string>, name?: string): Promise<Reply>;
  get(path: string, headers?: Record<string, string>): Promise<Reply>;
  close(): Promise<void>;
}

export async function ask(url: string, init: RequestInit = {}): Promise<Reply> {
  const response = await fetch(url, init);
  const text = await response.text();
  return {
    status: response.status,
    headers: Object.fromEntries(response.headers),
    text,
    json: () => JSON.parse(text),
  };
}

/** What a host says, until it closes the connection, to a client that writes and reads at the same time: the answer must reach it while it still sends. */
export function converse(url: string, first: string, write: (send: (text: string) => void) => void = () => {}) {
  return new Promise<string>((resolve, reject) => {
    let text = "";
    const socket = connect(Number(new URL(url).port), "127.0.0.1", () => {
      socket.write(first);
      write((part) => void socket.write(part));
    });
    socket.on("data", (chunk) => {
      text += chunk.toString();
    });
    socket.on("error", reject);
    socket.on("close", () => resolve(text));
  });
}

/** The head of a scoring request with the key; `more` are header lines. */
export const scoringHead = (more: string): string =>
  `POST /services/shop/score HTTP/1.1\r\nHost: h\r\nAuthorization: Bearer ${key}\r\n${more}\r\n\r\n`;

/** A host in this process, in a temporary folder, on a free port. */
export async function startTestHost(
  limits: Partial<HostLimits> = {},
  worker = workerProgram,
  more: Partial<HostOptions> = {},
): Promise<TestHost> {
  const { path, remove } = makeFolder();
  const folder = join(path, "host");
  mkdirSync(folder);
  const host = await startHost({
    folder,
    port: 0,
    grpcPort: 0,
    address: "127.0.0.1",
    worker,
    onnxWorker: join(root, "dist/onnx-worker.js"),
    workerEnvironment: {},
    temporaryFolder: tmpdir(),
    version: "0.0.0",
    docsFolder: join(root, "docs"),
    clock: systemClock,
    log: silentLog,
    onClosed: () => {},
    limits,
    ...more,
  }).catch((error: unknown) => {
    remove();
    throw error;
  });
  const want = async (...services: WantedService[]) => {
    const reply = await control(folder, "PUT", "/wanted", JSON.stringify({ services }));
    if (reply.status !== 200) throw new Error(reply.text);
    return reply.json() as SeenState;
  };
  const seen = (fits: (state: SeenState) => boolean) => waitForSeen(folder, fits);
  return {
    folder,
    url: host.scoringUrl,
    grpc: host.grpc,
    host,
    want,
    seen,
    serve: async (...services) => {
      await want(...services);
      await seen((state) =>
        services.every((one) =>
          one.revisions.every(({ number }) => revisionIn(state, number, one.name)?.state === "ready"),
        ),
      );
    },
    score: (body, headers = {}, name = "shop") =>
      ask(`${host.scoringUrl}/services/${name}/score`, {
        method: "POST",
        body,
        headers: { authorization: `Bearer ${key}`, "content-type": "application/json", ...headers },
      }),
    get: (where, headers = {}) => ask(host.scoringUrl + where, { headers }),
    close: async () => {
      await host.close();
      remove();
    },
  };
}

/** Everything a host has recorded so far. */
export async function recordsOf(host: TestHost): Promise<SpooledEntry[]> {
  return (await spooled(host)).flatMap(({ entries }) => entries);
}

/** Everything that scripts have collected so far. */
export async function collectedOf(host: TestHost): Promise<CollectedEntry[]> {
  return (await spooled(host)).flatMap(({ collected }) => collected);
}

async function spooled({ folder }: TestHost): Promise<ReturnType<typeof entriesIn>[]> {
  await control(folder, "POST", "/spool/flush");
  const spool = join(folder, "spool");
  return readdirSync(spool)
    .sort()
    .map((name) => entriesIn(readFileSync(join(spool, name))));
}
