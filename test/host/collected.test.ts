import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { WantedService } from "../../src/contract/host.ts";
import { collectorEnvironment } from "../python-environment.ts";
import {
  ask,
  collectedOf,
  control,
  recordsOf,
  revisionIn,
  scriptRevision,
  service,
  startTestHost,
  sumsRevision,
  type TestHost,
} from "./host-fixture.ts";

const v1 = `
import json
from azureml.monitoring import ModelDataCollector
def init():
    global inputs, predictions
    inputs = ModelDataCollector("m", "inputs", ["a", "b"])
    predictions = ModelDataCollector("m", "predictions")
def run(raw_data):
    data = json.loads(raw_data)
    if data == "large":
        inputs.collect(["x" * (9 << 20)])
        return 0
    found = inputs.collect(data)
    predictions.collect(predictions.add_correlations([sum(data)], found))
    return sum(data)
`;
/** Ends with more in the client's queue than its one thread has sent. */
const v2 = `
import json, os
import pandas
from azureml.ai.monitoring import Collector
from azureml.core.model import Model
def init():
    global inputs, outputs
    inputs, outputs = Collector(name="model_inputs"), Collector(name="model_outputs")
def run(raw_data):
    if raw_data == "place":
        return {"host": os.environ["AZUREML_MDC_HOST"], "port": os.environ["AZUREML_MDC_PORT"]}
    rows = json.loads(raw_data)
    for row in rows:
        frame = pandas.DataFrame([row], columns=["a", "b"])
        context = inputs.collect(frame)
        outputs.collect(pandas.DataFrame({"sum": frame.sum(axis=1)}), context)
    return len(rows)
`;
const body = (entry: { body: Uint8Array }) => JSON.parse(Buffer.from(entry.body).toString()) as unknown;

describe("what a script collects with ModelDataCollector", () => {
  let host: TestHost;
  beforeAll(async () => {
    host = await startTestHost();
    await host.serve(service([scriptRevision(host.folder, v1)]));
  });
  afterAll(() => host.close());

  it("is spooled among the records when the answer is there, under the request it was collected in", async () => {
    expect((await host.score("[1, 2]", { "x-request-id": "first" })).text).toBe("3");
    const [inputs, predictions, ...others] = await collectedOf(host);
    expect(others).toEqual([]);
    expect(inputs?.head).toMatchObject({
      ...{ kind: "collected", service: "shop", revision: 1, model: "m", version: "default", collection: "inputs" },
      ...{ requestId: "first", format: "table", answerBytes: 0 },
    });
    expect(predictions?.head).toMatchObject({ collection: "predictions", requestId: "first" });
    expect(predictions?.head.correlationId).toBe(inputs?.head.correlationId);
    expect(predictions && body(predictions)).toMatchObject({ columns: expect.arrayContaining(["prediction"]) });
    expect((await recordsOf(host)).map(({ head }) => head.id)).toEqual(["first"]);
  });

  it("is counted when it is too large, and the request goes on", async () => {
    expect((await host.score('"large"')).text).toBe("0");
    const { dropped } = await host.seen(() => true);
    expect(dropped).toEqual({ "collection-too-large": 1 });
  });

  it("is written by the field rules of its service, and not at all where nobody can tell which values are meant", async () => {
    const before = (await collectedOf(host)).length;
    const revision = scriptRevision(host.folder, v1);
    const rules = (fields: WantedService["record"]["fields"]) =>
      service([revision], { record: { rate: 1, maxBytes: 1000, ...(fields && { fields }) } });
    await host.serve(rules({ a: { kind: "drop" }, prediction: { kind: "mask", last: 0 } }));
    await host.score("[1234.5, 2]");
    const [inputs, predictions] = (await collectedOf(host)).slice(before);
    expect(inputs && body(inputs)).toMatchObject({ rows: [[null, 2, ...Array(8).fill(expect.anything())]] });
    expect(predictions && body(predictions)).toMatchObject({ rows: [["****", ...Array(8).fill(expect.anything())]] });
    await host.serve(rules({ x0: { kind: "drop" } }));
    await host.score("[1234.5, 2]");
    expect((await collectedOf(host)).slice(before + 2)).toEqual([]);
    // both tables, and the record of the request as well
    expect((await host.seen(() => true)).dropped).toMatchObject({ "not-redactable": 3 });
    await host.serve(service([revision]));
  });

  it("is left out of a request that tries a revision, as its record is", async () => {
    const count = (await collectedOf(host)).length;
    const tried = await control(host.folder, "POST", "/services/shop/revisions/1/score", "[1, 2]");
    expect(tried.text).toBe("3");
    expect(await collectedOf(host)).toHaveLength(count);
  });

  it("is left out while the service says so, without a restart of its workers", async () => {
    const revision = scriptRevision(host.folder, v1);
    await host.serve(service([revision]));
    const pid = async () => revisionIn(await host.seen(() => true))?.replicas[0]?.pid;
    const before = await pid();
    await host.serve(service([revision], { collect: false }));
    const count = (await collectedOf(host)).length;
    await host.score("[1, 2]");
    expect(await collectedOf(host)).toHaveLength(count);
    await host.serve(service([revision], { collect: true }));
    await host.score("[1, 2]");
    expect(await collectedOf(host)).toHaveLength(count + 2);
    expect(await pid()).toBe(before);
  });
});

describe("the real azureml-ai-monitoring", { timeout: 600_000 }, () => {
  let host: TestHost;
  beforeAll(async () => {
    host = await startTestHost();
    const revision = scriptRevision(host.folder, v2, { python: await collectorEnvironment(), number: 4 });
    const [model] = sumsRevision().models;
    await host.serve(service([{ ...revision, models: model === undefined ? [] : [model] }]));
  }, 600_000);
  afterAll(() => host.close());

  it("loses nothing when its worker ends, and is filed under the request it was collected in, service, revision and model", async () => {
    const rows = Array.from({ length: 300 }, (_, index) => [index, 0.5]);
    const [early, late] = [rows.slice(0, 250), rows.slice(250)];
    expect((await host.score(JSON.stringify(early), { "x-request-id": "early" })).text).toBe("250");
    expect((await host.score(JSON.stringify(late), { "x-request-id": "late" })).text).toBe("50");
    // the worker goes away with most of it still in the queue of its client
    await host.want();
    await host.seen(({ services }) => services.length === 0);
    const collected = await collectedOf(host);
    const inputs = collected.filter(({ head }) => head.collection === "model_inputs");
    const outputs = collected.filter(({ head }) => head.collection === "model_outputs");
    expect(inputs.map(body)).toEqual(rows.map(([a, b]) => [{ a, b }]));
    expect(outputs.map(body)).toEqual(rows.map(([a = 0, b = 0]) => [{ sum: a + b }]));
    expect(outputs.map(({ head }) => head.correlationId)).toEqual(inputs.map(({ head }) => head.correlationId));
    expect(inputs[0]?.head).toMatchObject({
      ...{ service: "shop", revision: 4, model: "sums", version: "1", format: "records" },
    });
    // most of it is sent when its answer is out: it is erased with its request all the same
    const requests = rows.map((_, index) => (index < early.length ? "early" : "late"));
    expect(inputs.map(({ head }) => head.requestId)).toEqual(requests);
    expect(outputs.map(({ head }) => head.requestId)).toEqual(requests);
  });

  it("reaches a port that takes nothing from anybody without the token of a worker", async () => {
    const revision = scriptRevision(host.folder, v2, { python: await collectorEnvironment() });
    await host.serve(service([revision]));
    const place = (await host.score("place")).json() as { host: string; port: string };
    const [token, address] = place.host.split(":@");
    const post = (headers: Record<string, string>, path = "/modeldata/log", method = "POST", sent = "[]") =>
      ask(`http://${address}:${place.port}${path}`, { method, headers, ...(method === "GET" ? {} : { body: sent }) });
    const basic = (user: string) => ({ authorization: `Basic ${Buffer.from(`${user}:`).toString("base64")}` });
    const own = { ...basic(token ?? ""), "ce-type": "azureml.inference.x", "content-type": "application/json" };
    const statuses = [
      await post(own),
      await post({ ...own, ...basic("mdc_other") }),
      await post({ "ce-type": "azureml.inference.x" }),
      await post(basic(token ?? "")),
      await post(own, "/other"),
      await post(own, "/modeldata/log", "GET"),
      await post(own, "/modeldata/log", "POST", "x".repeat((8 << 20) + 1)),
    ].map(({ status }) => status);
    expect(statuses).toEqual([200, 401, 401, 400, 404, 405, 413]);
  });
});
