import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { cli } from "../cli/run-cli.ts";
import { deployScript, echoScript, smallModel } from "../scripts.ts";
import { startServer, type TestServer } from "../server.ts";

let server: TestServer;
let scorer = "";
beforeAll(async () => {
  server = await startServer();
  for (const version of [1, 2, 3]) await smallModel(server, "iris", `text ${version}`);
  scorer = (await server.client.createToken({ role: "scorer" })).token;
}, 60_000);
afterAll(() => server.remove());

const post = async (body: string, headers: Record<string, string>, query = "") => {
  const answer = await fetch(`${server.url}/cloudevents${query}`, {
    method: "POST",
    body,
    headers: { authorization: `Bearer ${scorer}`, ...headers },
  });
  return {
    status: answer.status,
    json: (await answer.json()) as {
      taken?: number;
      known?: number;
      refused?: { index: number; id?: string; code: string; message: string }[];
      error?: { code: string; message: string; fix: string };
    },
  };
};
/** As KServe's logger sends it. */
const binary = (
  kind: "request" | "response",
  id: string,
  body: unknown,
  more: Record<string, string> = {},
  query = "",
) =>
  post(
    JSON.stringify(body),
    {
      "content-type": "application/json",
      "ce-specversion": "1.0",
      "ce-id": id,
      "ce-source": "http://localhost:9081/",
      "ce-type": `org.kubeflow.serving.inference.${kind}`,
      "ce-time": kind === "request" ? "2026-01-02T03:04:05.000Z" : "2026-01-02T03:04:05.250Z",
      "ce-inferenceservicename": "iris",
      "ce-namespace": "default",
      "ce-component": "predictor",
      "ce-endpoint": "",
      ...more,
    },
    query,
  );
/** Of a structured event. */
const event = (kind: string, id: string, data: object) => ({
  ...{ specversion: "1.0", id, source: "/kserve", type: `org.kubeflow.serving.inference.${kind}` },
  ...{ inferenceservicename: "iris", datacontenttype: "application/json" },
  ...data,
});
const batch = (events: readonly unknown[]) =>
  post(JSON.stringify(events), { "content-type": "application/cloudevents-batch+json" });
const ids = async (service: string) => (await server.client.listRecords({ service })).items.map(({ id }) => id);

describe("a model that KServe serves", () => {
  it("is monitored as a service: request and answer are one record, whichever comes first", async () => {
    expect(
      (
        await binary("request", "k-1", {
          instances: [
            [1, 2],
            [3, 4],
          ],
        })
      ).json,
    ).toEqual({ taken: 1, known: 0, refused: [] });
    expect(await ids("iris")).toEqual([]);
    await binary("response", "k-1", { predictions: [0, 1] });
    await binary("response", "k-2", { predictions: [2] });
    await binary("request", "k-2", { instances: [[5, 6]] });
    expect(await ids("iris")).toEqual(["k-2", "k-1"]);
    const record = await server.client.getRecord({ id: "k-1" });
    expect(record).toMatchObject({
      ...{ service: "iris", status: 200, durationMs: 250, at: Date.parse("2026-01-02T03:04:05Z"), engine: null },
      ...{ body: '{"instances":[[1,2],[3,4]]}', answer: '{"predictions":[0,1]}' },
    });
    const { stdout } = await cli(["record", "show", "k-1"], {
      MODELYARD_URL: server.url,
      MODELYARD_TOKEN: server.token,
    });
    expect(stdout).toContain("k-1");
    expect(stdout).not.toContain("image");
    const { items } = await server.client.summariseUsage({ service: "iris" });
    expect(items.map(({ requests }) => requests)).toEqual([2]);
  });

  it("is counted once, however often an event comes, also at the same time", async () => {
    const sent = Array.from({ length: 8 }, () => [
      binary("request", "twice", { instances: [[1]] }),
      binary("response", "twice", { predictions: [1] }),
    ]).flat();
    const answers = (await Promise.all(sent)).map(({ json }) => json);
    expect(answers.filter(({ taken }) => taken === 1)).toHaveLength(2);
    expect((await ids("iris")).filter((id) => id === "twice")).toHaveLength(1);
    expect((await binary("request", "twice", { instances: [[9]] })).json).toEqual({ taken: 0, known: 1, refused: [] });
  });

  it("tells its rows as columns, in both of KServe's protocols, and its model where the address names it", async () => {
    const tensors = (name: string, shape: number[], data: number[]) => [{ name, shape, datatype: "FP64", data }];
    const more = { "ce-namespace": "team" };
    const query = "?model=iris:3";
    await binary("request", "v2", { inputs: tensors("x", [2, 2], [1, 2, 3, 4]) }, more, query);
    await binary("response", "v2", { outputs: tensors("predict", [2], [0, 1]) }, more, query);
    const text = async (service: string) => {
      const chunks: Uint8Array[] = [];
      const { body } = await server.client.exportRecords({ service, layout: "jsonl" });
      for await (const chunk of body) chunks.push(chunk);
      const lines = Buffer.concat(chunks).toString().trim().split("\n");
      const { text: rows } = JSON.parse(lines[0] ?? "") as { text: string };
      return rows
        .trim()
        .split("\n")
        .map((line) => JSON.parse(line) as Record<string, unknown>);
    };
    expect(await text("iris-team")).toMatchObject([
      { $id: "v2", $model: "iris:3", prediction: 0 },
      { $id: "v2", prediction: 1 },
    ]);
    expect((await text("iris"))[0]).toMatchObject({ $id: "k-1", x0: 1, x1: 2, prediction: 0, $model: null });
    expect((await server.client.listRecords({ model: "iris:3" })).items).toHaveLength(1);
  });

  it("may send its events structured, and in batches", async () => {
    const one = event("request", "s-1", { data: { instances: [[1]] } });
    expect((await post(JSON.stringify(one), { "content-type": "application/cloudevents+json" })).status).toBe(200);
    const answer = Buffer.from('{"predictions":[1]}').toString("base64");
    const sent = await batch([
      event("response", "s-1", { data_base64: answer }),
      event("request", "s-2", { data: {} }),
    ]);
    expect(sent.json).toEqual({ taken: 2, known: 0, refused: [] });
    expect((await server.client.getRecord({ id: "s-1" })).answer).toBe('{"predictions":[1]}');
  });
});

describe("an event of a batch that cannot be taken", () => {
  const wrongOnes = [
    { ...event("request", "b-wrong", { data: {} }), type: "org.example.other" },
    "no event",
    event("request", "b-here", { data: {}, inferenceservicename: "here-batch" }),
    { ...event("request", "b-elsewhere", { data: {} }), inferenceservicename: "", source: "/nowhere" },
  ];
  const mixed = () => {
    const [first, ...others] = wrongOnes;
    const request = event("request", "b-1", { data: { instances: [[1]] } });
    const response = event("response", "b-1", { data: { predictions: [1] } });
    return [first, request, ...others, response];
  };

  it("costs none of the others, and its sender is told which it was and why; the operator, how many", async () => {
    await deployScript(server, "here-batch", echoScript);
    const { status, json } = await batch(mixed());
    expect(status).toBe(200);
    expect(json).toMatchObject({ taken: 2, known: 0 });
    expect(json.refused?.map(({ index, id, code }) => [index, id, code])).toEqual([
      [0, "b-wrong", "invalid-input"],
      [2, undefined, "invalid-input"],
      [3, "b-here", "service-exists"],
      [4, "b-elsewhere", "invalid-input"],
    ]);
    expect(json.refused?.[0]?.message).toContain("org.example.other");
    expect((await server.client.getRecord({ id: "b-1" })).answer).toBe('{"predictions":[1]}');
    expect((await server.client.summariseUsage({})).dropped).toMatchObject({ "refused-event": 4 });
  });

  it("lets its batch come again without doubling anything", async () => {
    expect((await batch(mixed())).json).toMatchObject({ taken: 0, known: 2 });
    expect((await ids("iris")).filter((id) => id === "b-1")).toHaveLength(1);
  });

  it("makes the request fail when there is no other, with the first ones named", async () => {
    const { status, json } = await batch(wrongOnes);
    expect([status, json.error?.code]).toEqual([400, "invalid-input"]);
    expect(json.error?.message).toMatch(/none of the 4 .* event 0 \(b-wrong\): .*; event 1: .*and 1 more/);
    expect((await batch(wrongOnes.slice(2, 3))).json.error?.code).toBe("service-exists");
    expect((await batch(Array(10_001).fill(0))).json.error?.message).toContain("at most 10000 events");
  });
});

describe("an event that cannot be taken", () => {
  it("is refused with what is wrong with it", async () => {
    const body = { instances: [[1]] };
    const large = await post(" ".repeat((4 << 20) + 1), { "content-type": "application/cloudevents+json" });
    expect([large.status, large.json.error?.fix]).toEqual([413, expect.stringContaining("fewer rows or events")]);
    const refusals = [
      await post("{}", { "content-type": "application/json" }),
      await post("{", { "content-type": "application/cloudevents+json" }),
      await post("{}", { "content-type": "application/cloudevents-batch+json" }),
      await binary("request", "x", body, { "ce-type": "org.example.other" }),
      await binary("request", "x".repeat(101), body),
      await binary("request", "x", body, { "ce-inferenceservicename": "Iris_1" }),
      await binary("request", "x", body, {}, "?other=1"),
      await binary("request", "x", body, { "ce-specversion": "0.3" }),
    ];
    expect(refusals.map(({ status }) => status)).toEqual(Array(8).fill(400));
    expect(await ids("iris")).not.toContain("x");
    const messages = refusals.map(({ json }) => json.error?.message);
    expect(messages[1]).toContain("the body is not JSON");
    expect(messages[6]).toContain('not valid: the address: Unrecognized key: "other"');
  });

  it("is refused when the address names a version that is not registered here", async () => {
    const other = { "ce-inferenceservicename": "unregistered" };
    for (const query of ["?model=nosuch:3", "?model=iris:4"]) {
      const { status, json } = await binary("request", "m-1", {}, other, query);
      expect([status, json.error?.code]).toEqual([404, "model-not-found"]);
    }
    expect((await binary("request", "m-1", {}, other, "?model=iris:3")).json).toMatchObject({ taken: 1 });
  });

  it("is refused alone when its time is none, or yet to come; clocks may differ by ten minutes", async () => {
    const at = (time: unknown, id: string) => event("request", id, { data: {}, time });
    const inMinutes = (minutes: number) => new Date(Date.now() + minutes * 60_000).toISOString();
    const { json } = await batch([
      at("not-a-time", "t-0"),
      at("2099-01-01", "t-1"),
      at(1_764_086_400_000, "t-2"),
      at(inMinutes(11), "t-3"),
      at(inMinutes(9), "t-4"),
      at(null, "t-5"),
    ]);
    expect(json).toMatchObject({ taken: 2, refused: [{ index: 0 }, { index: 1 }, { index: 2 }, { index: 3 }] });
    expect(json.refused?.map(({ message }) => message)).toEqual([
      expect.stringContaining("the time not-a-time is no time"),
      expect.stringContaining("the time 2099-01-01 is yet to come"),
      expect.stringContaining("is no time"),
      expect.stringContaining("is yet to come"),
    ]);
    expect((await binary("request", "t-6", {}, { "ce-time": "soon" })).status).toBe(400);
  });

  it("needs a token that may score, which the address may carry", async () => {
    const reader = (await server.client.createToken({ role: "reader" })).token;
    const as = (authorization: string) => binary("request", "who", {}, { authorization });
    const basic = (text: string) => `Basic ${Buffer.from(text).toString("base64")}`;
    const sent = [
      await as("Bearer wrong"),
      await as(`Bearer ${reader}`),
      await as(basic(`kserve:${scorer}`)),
      await as(basic(`${scorer}:`)),
    ];
    expect(sent.map(({ status }) => status)).toEqual([401, 403, 200, 200]);
  });

  it("is compared with the baseline of its model or its own, watched by alerts, and reported on", async () => {
    const { client } = server;
    const rows = Array.from({ length: 80 }, (_, i) => [i % 20, i % 7]);
    const csv = Buffer.from(`a,b\n${rows.map((row) => row.join(",")).join("\n")}\n`);
    const training = await client.uploadBlob({}, { body: csv });
    const file = await client.uploadBlob({}, { body: Buffer.from("weights") });
    await client.registerModel({
      ...{ name: "plants", files: [{ path: "model.bin", digest: file.digest, size: file.size }] },
      baseline: { digest: training.digest, format: "csv" },
    });
    const named = { "ce-inferenceservicename": "plants", "ce-time": new Date().toISOString() };
    await binary("request", "p-1", { instances: rows }, named, "?model=plants:1");
    await binary("response", "p-1", { predictions: rows.map(([a]) => a) }, named, "?model=plants:1");

    const service = "plants";
    const drift = await client.showDrift({ service });
    expect(drift.baseline.inputs).toMatchObject({ of: "models/plants/versions/1", rows: 80 });
    expect(drift.inputs.columns.map(({ column, rows }) => [column, rows])).toEqual([
      ["a", 80],
      ["b", 80],
    ]);
    const own = await client.setBaseline({ service, since: "1h" });
    expect(own.predictions).toMatchObject({ of: "services/plants", rows: 80 });
    await client.removeBaseline({ service });

    await client.createAlert({ name: "asked", service, when: "requests >= 1 over 1h" });
    expect((await client.testAlert({ name: "asked" })).items).toMatchObject([{ service, verdict: "breached" }]);
    expect(await client.reportService({ name: service })).toMatchObject({
      ...{ running: true, revision: 1, models: ["plants:1"], alerts: [{ name: "asked" }] },
    });
  });

  it("is not mixed into a service that is deployed here, nor into that of another source", async () => {
    await deployScript(server, "here", echoScript);
    const named = (name: string, query = "") => binary("request", "z", {}, { "ce-inferenceservicename": name }, query);
    expect((await named("here")).json.error?.code).toBe("service-exists");
    expect((await named("other", "?service=iris")).json.error?.code).toBe("service-elsewhere");
    expect((await named("here", "?service=here-too")).status).toBe(200);
  });
});
