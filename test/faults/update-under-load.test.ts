import { execFileSync } from "node:child_process";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, expect, test } from "vitest";
import { sharedEnvironment } from "../python-environment.ts";
import { startServer, type TestServer } from "../server.ts";
import { isFull, report, times } from "./fault-mode.ts";
import { type LoadRequest, startLoad } from "./load.ts";
import { post, type Reply, script, uploaded } from "./scoring.ts";

const connections = 16;
const updates = times(3, 20);
const requestsWanted = times(600, 20_000);

let server: TestServer;
beforeAll(async () => {
  server = await startServer();
});
afterAll(() => server.remove());

interface Subject {
  service: string;
  /** The two versions to move between; the first serves now. */
  versions: [string, string];
  scoringUri: string;
  headers: object;
  /** A request, and which version an answer comes from; undefined when it is nobody's. */
  next(): { body: string; versionOf(text: string): string | undefined };
}

/** Changes another service without a pause, so that the host is told of other things in between. */
function changeAnother(service: string) {
  let stopped = false;
  let changes = 0;
  const run = async () => {
    for (; !stopped; changes += 1)
      await server.client.updateService({ name: service, env: { CHANGE: String(changes) } });
  };
  const running = run();
  return {
    stop: async () => {
      stopped = true;
      await running;
      return changes;
    },
  };
}

/** Moves the service back and forth while connections score; says how many requests were sent over how many sockets. */
async function updateUnderLoad({ service, versions, scoringUri, headers, next }: Subject) {
  let current = { version: versions[0], settled: true };
  const request = (): LoadRequest => {
    const { body, versionOf } = next();
    const before = current;
    const check = ({ status, text }: Reply) => {
      const version = versionOf(text);
      if (status !== 200 || version === undefined) return `${status} ${text.slice(0, 300)}`;
      // no change was under way from before it was sent until after its answer: then there is one right version
      const isSettled = before === current && before.settled;
      return isSettled && version !== before.version ? `${version} answered, ${before.version} serves` : undefined;
    };
    return { body, check };
  };
  const load = startLoad(scoringUri, connections, request, headers);
  const answered = async (wanted: number) => {
    while (load.requests() < wanted && load.failures.length === 0) await sleep(5);
  };
  try {
    for (let update = 1; update <= updates; update += 1) {
      await answered((requestsWanted / (updates + 1)) * update);
      const version = versions[update % 2] ?? versions[0];
      current = { version, settled: false };
      const { changed } = await server.client.updateService({ name: service, models: [version] });
      expect(changed).toBe(true);
      current = { version, settled: true };
    }
    await answered(Math.max(requestsWanted, load.requests() + 100));
  } finally {
    await load.stop();
  }
  return load;
}

test(
  `${updates} updates of a script's model while ${connections} connections score: no request fails, no connection is closed`,
  {
    timeout: 600_000,
  },
  async () => {
    const { client } = server;
    for (const text of ["first", "second"])
      await client.registerModel({ name: "told", files: [await uploaded(client, "told.txt", text)] });
    const source = [
      "import json, os",
      "def init():",
      "    global told",
      "    told = open(os.path.join(os.environ['AZUREML_MODEL_DIR'], 'told.txt')).read()",
      "def run(raw):",
      "    return {'told': told, 'number': json.loads(raw)['number']}",
    ].join("\n");
    const { scoringUri } = await client.deployService({
      name: "script-load",
      models: ["told:1"],
      script: await script(client, source),
      requirements: "",
      sample: '{"number": 0}',
    });
    const { primary } = await client.getServiceKeys({ name: "script-load" });
    await client.deployService({
      name: "another",
      models: ["told:1"],
      script: await script(client, "def init(): pass\ndef run(raw): return raw\n"),
      requirements: "",
    });
    const another = changeAnother("another");
    let number = 0;
    const load = await updateUnderLoad({
      service: "script-load",
      versions: ["told:1", "told:2"],
      scoringUri,
      headers: { authorization: `Bearer ${primary}` },
      next: () => {
        number += 1;
        const mine = number;
        const versionOf = (text: string) => {
          const answer = JSON.parse(text) as { told?: string; number?: number };
          if (answer.number !== mine) return undefined;
          return { first: "told:1", second: "told:2" }[answer.told ?? ""];
        };
        return { body: JSON.stringify({ number: mine }), versionOf };
      },
    });
    const changes = await another.stop();
    report(
      `update under load, script: ${load.requests()} requests, ${load.failures.length} failed, ${updates} updates, ${changes} changes of another service, ${load.sockets()} sockets`,
    );
    expect(load.failures).toEqual([]);
    expect(load.requests()).toBeGreaterThanOrEqual(requestsWanted);
    expect(load.sockets()).toBe(connections);
  },
);

test(
  "services that are changed at the same time do not undo each other's changes: what is acknowledged answers at once",
  {
    timeout: 600_000,
  },
  async () => {
    const { client } = server;
    const rounds = times(5, 50);
    await client.registerModel({ name: "base", files: [await uploaded(client, "base.txt", "base")] });
    const source = "import os\ndef init(): pass\ndef run(raw): return os.environ['VALUE']\n";
    const parts = { models: ["base"], script: await script(client, source), requirements: "", auth: "none" as const };
    const wrong: string[] = [];
    const change = async (name: string) => {
      const { scoringUri } = await client.deployService({ name, ...parts, env: { VALUE: "0" } });
      for (let round = 1; round <= rounds; round += 1) {
        await client.updateService({ name, env: { VALUE: String(round) } });
        for (let request = 1; request <= 10; request += 1) {
          const { status, text } = await post(scoringUri, "{}");
          if (status !== 200 || text !== `"${round}"`)
            wrong.push(`${name} round ${round}: ${status} ${text.slice(0, 200)}`);
          await sleep(10);
        }
      }
    };
    await Promise.all(["east", "west", "north", "south"].map(change));
    report(
      `4 services changed at the same time, ${4 * rounds} updates: ${wrong.length} of ${40 * rounds} requests answered by another revision than the acknowledged one`,
    );
    expect(wrong).toEqual([]);
  },
);

const train = `
import pickle, sys
import numpy as np
from sklearn.linear_model import LogisticRegression
rows = np.random.RandomState(0).rand(300, 8)
labels = (rows.sum(axis=1) > 4).astype(int) + int(sys.argv[1])
sys.stdout.buffer.write(pickle.dumps(LogisticRegression().fit(rows, labels)))
`;

test(
  `${updates} updates of a scikit-learn model without a script while ${connections} connections score: no request fails`,
  {
    timeout: 900_000,
  },
  async (context) => {
    context.skip(!isFull, "takes minutes; MODELYARD_FAULTS=full runs it");
    const { client } = server;
    const python = await sharedEnvironment();
    for (const first of ["10", "20"]) {
      const bytes = execFileSync(python, ["-c", train, first]);
      await client.registerModel({ name: "classes", files: [await uploaded(client, "model.pkl", bytes)] });
    }
    const { scoringUri } = await client.deployService({ name: "sklearn-load", models: ["classes:1"] });
    const { primary } = await client.getServiceKeys({ name: "sklearn-load" });
    let turn = 0;
    const load = await updateUnderLoad({
      service: "sklearn-load",
      versions: ["classes:1", "classes:2"],
      scoringUri,
      headers: { authorization: `Bearer ${primary}` },
      next: () => {
        turn += 1;
        const expected = turn % 3 === 0 ? 1 : 0;
        const versionOf = (text: string) =>
          ({ [`[${10 + expected}]`]: "classes:1", [`[${20 + expected}]`]: "classes:2" })[text];
        return { body: JSON.stringify({ data: [Array(8).fill(expected === 1 ? 0.9 : 0.1)] }), versionOf };
      },
    });
    report(
      `update under load, scikit-learn: ${load.requests()} requests, ${load.failures.length} failed, ${updates} updates, ${load.sockets()} sockets`,
    );
    expect(load.failures).toEqual([]);
    expect(load.requests()).toBeGreaterThanOrEqual(requestsWanted);
  },
);
