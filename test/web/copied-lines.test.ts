import { spawn } from "node:child_process";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { toWireRequest } from "../../src/client/request.ts";
import type { InputOf, OperationName } from "../../src/contract/operations.ts";
import { operations } from "../../src/contract/operations.ts";
import { commandOf } from "../../web/src/ui/command-line.ts";
import { curlOf, curlOfFiles } from "../../web/src/ui/curl-line.ts";
import { cli } from "../cli/run-cli.ts";

interface Asked {
  method: string | undefined;
  url: string | undefined;
  body: unknown;
  authorization: string | undefined;
}

const odd = `it's "odd" $HOME $(id) \`id\` \\ ! * ~ & | ; # {a,b}[1-3] %s é日本👩🏽‍🔬\nمرحبا`;
const name = odd.replace(/\n/, " ");
const long = "名".repeat(200);
const digest = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08";

const copied = <Name extends OperationName>(operation: Name, input: InputOf<Name>) => ({ operation, input });
/** What buttons of the pages do. */
const cases = [
  ...[name, "-rf", long].flatMap((name) => [
    copied("deleteModel", { name, version: 2 }),
    copied("deleteWholeModel", { name }),
    copied("archiveVersion", { name, version: 2 }),
    copied("restoreVersion", { name, version: 2 }),
    copied("renameModel", { name, newName: `${name.slice(1)}!` }),
    copied("transitionStage", { name, version: 2, stage: "Production", archiveExisting: true }),
    copied("setAlias", { name, alias: "champion", version: 2, protect: true }),
    copied("deleteAlias", { name, alias: "champion" }),
  ]),
  copied("tagModel", { name, version: 1, tags: { [odd]: odd, "city=Bern": "a=b", k: "" }, removeTags: ["-a", odd] }),
  copied("tagModel", { name, version: 1, properties: { [odd]: odd }, description: odd }),
  copied("updateModel", { name, tags: { "=": "=", "a=b": "" } }),
  copied("stopService", { name: "digits" }),
  copied("startService", { name: "digits" }),
  copied("deleteService", { name: "digits" }),
  copied("rollBackService", { name: "digits", to: 1, reason: odd }),
  copied("regenerateServiceKey", { name: "digits", key: "secondary" }),
  copied("createServiceToken", { name: "digits", expiresIn: "2h" }),
  copied("deployService", {
    ...{ name: "digits", models: [`${name}:2`], env: { NOTE: odd }, reason: odd, replicas: 2, recordDays: 30 },
    ...{ sample: odd, requirements: "numpy==1.26.4\n# it's\n", recordFields: { "city=Bern": "drop" }, recordMb: 10 },
  }),
  copied("updateService", {
    name: "digits",
    models: [`${name}@champion`],
    conda: odd,
    record: "sample:0.1",
    reason: odd,
  }),
  copied("updateService", {
    name: "digits",
    corsOrigins: ["https://a.example", "https://b.example"],
    recordAlso: ["errors"],
  }),
  copied("deleteImage", { digest }),
  copied("eraseRecords", { correlationId: odd, service: "digits" }),
  copied("addLabels", { service: "digits", id: odd, value: odd, row: 3 }),
  copied("addLabels", { service: "digits", id: "-", value: 7 }),
  copied("createDataset", { name: "november", service: "digits", since: "30d", labels: "required", sample: "100" }),
  copied("rebuildDataset", { name: "november", digest }),
  copied("deleteDataset", { name: "november", digest }),
  copied("setBaseline", { service: "digits", since: "7d" }),
  copied("removeBaseline", { service: "digits" }),
  copied("createAlert", { name: "slow", when: "p95 > 200ms for 5m", service: "digits", description: odd }),
  copied("silenceAlert", { name: "slow", for: "2h", reason: odd }),
  copied("deleteAlert", { name: "slow" }),
  copied("createToken", { name, role: "reader", expires: "90d" }),
  copied("revokeToken", { id: digest.slice(0, 12) }),
  copied("createWebhook", {
    name: odd.slice(0, 50),
    url: "https://ci.example.org/a?b=c&d=e#f",
    events: ["alert", "version"],
  }),
  copied("updateWebhook", { id: digest.slice(0, 12), description: odd, status: "disabled" }),
  copied("deleteWebhook", { id: digest.slice(0, 12) }),
  copied("redeliverEvent", { id: digest.slice(0, 12), event: digest.slice(12, 24) }),
];

describe("a line that a page copies asks, pasted into a shell, what the button asks", () => {
  let server: Server;
  let url: string;
  let answer: unknown;
  let folder: string;
  const asked: Asked[] = [];
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "modelyard-copied-"));
    server = createServer(async (request, response) => {
      const chunks: Buffer[] = [];
      for await (const chunk of request) chunks.push(chunk);
      const text = Buffer.concat(chunks).toString();
      const { method, url, headers } = request;
      asked.push({ method, url, body: text === "" ? null : JSON.parse(text), authorization: headers.authorization });
      response.setHeader("content-type", "application/json");
      response.end(JSON.stringify(answer));
    });
    await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });
  afterAll(async () => {
    server.close();
    await rm(folder, { recursive: true });
  });

  /** What bash prints for a line. */
  const bash = (line: string): Promise<string> =>
    new Promise((resolve, reject) => {
      const child = spawn("bash", ["-c", line], { cwd: tmpdir(), env: { ...process.env, MODELYARD_TOKEN: "a-token" } });
      const chunks: Buffer[] = [];
      child.stdout.on("data", (chunk) => chunks.push(chunk));
      child.once("error", reject);
      child.once("close", () => resolve(Buffer.concat(chunks).toString()));
    });

  /** The words that bash makes of a line; what it substitutes for a file is kept in one. */
  const wordsOf = async (line: string): Promise<string[]> => {
    const keep = `case $word in /dev/fd/*) cat "$word" >${folder}/$n; word=${folder}/$n;; esac`;
    const modelyard = `modelyard() { n=0; for word; do n=$((n+1)); ${keep}; printf '%s\\0' "$word"; done; }`;
    return (await bash(`${modelyard}; ${line}`)).split("\0").slice(0, -1);
  };

  const wanted = ({ operation, input }: { operation: OperationName; input: object }) => {
    const wire = toWireRequest(operations[operation], url, { ...input });
    return {
      ...{ method: wire.method, url: wire.url.slice(url.length), authorization: "Bearer a-token" },
      body: wire.json === undefined ? null : JSON.parse(wire.json),
    };
  };
  it.each(cases)("curl: $operation", async ({ operation, input }) => {
    asked.length = 0;
    await bash(curlOf(operation, input as never, url));
    expect(asked).toEqual([wanted({ operation, input })]);
  });

  it.each(cases)("command: $operation", async ({ operation, input }) => {
    asked.length = 0;
    answer = operations[operation].example.output;
    const words = await wordsOf(commandOf(operation, input as never));
    const { stderr } = await cli(words, { MODELYARD_URL: url, MODELYARD_TOKEN: "a-token" });
    expect(asked, stderr).toEqual([wanted({ operation, input })]);
  });

  it("curl brings each file of a version to its place in the folder that the command makes too", async () => {
    asked.length = 0;
    answer = { some: "bytes" };
    const files = [{ path: "model.pkl" }, { path: `docs/${name}.md` }];
    await bash(`cd ${folder}; ${curlOfFiles({ name, version: 2, files }, url)}`);
    for (const { path } of files)
      expect(JSON.parse(await readFile(join(folder, `${name}-2`, path), "utf8"))).toEqual(answer);
    expect(asked).toEqual(
      files.map(({ path }) => wanted({ operation: "downloadFile", input: { name, version: 2, path } })),
    );
  });
});
