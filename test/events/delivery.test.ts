import { createHmac } from "node:crypto";
import { afterEach, beforeEach, expect, test } from "vitest";
import { makeDelivery } from "../../src/events/deliver.ts";
import { listEvents } from "../../src/events/list-events.ts";
import { redeliverEvent } from "../../src/events/redeliver-event.ts";
import { testWebhook } from "../../src/events/test-webhook.ts";
import { updateWebhook } from "../../src/events/update-webhook.ts";
import type { Db } from "../../src/kernel/db.ts";
import { emit } from "../../src/kernel/outbox.ts";
import { context, type Outbox, openOutbox } from "./outbox-fixture.ts";
import { type Received, startReceiver } from "./receiver.ts";

const second = 1000;
const minute = 60 * second;
const hour = 60 * minute;

let outbox: Outbox;
let receiver: Awaited<ReturnType<typeof startReceiver>>;
beforeEach(async () => {
  outbox = await openOutbox();
  receiver = await startReceiver();
});
afterEach(async () => {
  await receiver.close();
  await outbox.close();
});

const subjectsOf = (taken: Received[]) => taken.map(({ json }) => json.subject as string);
const streamOf = (subject: string) => subject.split("/").slice(0, 2).join("/");
/** What was received for the first time, in order. */
const firsts = (taken: Received[]) => [...new Map(taken.map((one) => [one.json.id, one])).values()];

/** Runs the sender every second of simulated time. */
async function run(ms: number, everyMs = second): Promise<void> {
  for (let passed = 0; passed < ms; passed += everyMs) {
    outbox.advance(everyMs);
    await outbox.delivery.round();
  }
}

test("a receiver that is down for an hour loses nothing and gets the events of each stream in their order", async () => {
  const { id } = await outbox.webhook({ url: receiver.url });
  let down = true;
  const acknowledged: Received[] = [];
  receiver.reply = (received) => {
    if (down) return acknowledged.length % 2 === 0 ? 503 : "cut";
    acknowledged.push(received);
    return 200;
  };
  const told: string[] = [];
  for (let passed = 0; passed < 60; passed += 1) {
    for (const subject of [`models/a/versions/${passed}`, `models/b/versions/${passed}`, `services/s${passed % 3}`]) {
      await outbox.tell(subject);
      told.push(subject);
    }
    await run(minute, 10 * second);
  }
  expect(acknowledged).toEqual([]);
  const attemptsWhileDown = receiver.taken.length;
  expect(attemptsWhileDown).toBeLessThan(5 * 12); // five streams, with growing waits
  down = false;
  await run(hour + minute, 10 * second);
  expect(acknowledged.length).toBe(told.length);
  for (const stream of new Set(told.map(streamOf)))
    expect(subjectsOf(acknowledged).filter((subject) => streamOf(subject) === stream)).toEqual(
      told.filter((subject) => streamOf(subject) === stream),
    );
  expect((await outbox.deliveries(id)).every(({ status }) => status === "delivered")).toBe(true);
});

test("an event that is refused holds up the later events of its own stream and of no other", async () => {
  await outbox.webhook({ url: receiver.url });
  let refuses = true;
  receiver.reply = ({ json }) => (refuses && json.subject === "models/bad/versions/1" ? 500 : 200);
  await outbox.tell("models/bad/versions/1");
  await outbox.tell("models/bad/versions/2");
  await outbox.tell("models/good/versions/1");
  await outbox.tell("models/good/versions/2");
  await outbox.delivery.round();
  expect(subjectsOf(receiver.taken).sort()).toEqual([
    "models/bad/versions/1",
    "models/good/versions/1",
    "models/good/versions/2",
  ]);
  refuses = false;
  await run(10 * second);
  expect(subjectsOf(receiver.taken).filter((subject) => subject.startsWith("models/bad"))).toEqual([
    "models/bad/versions/1",
    "models/bad/versions/1",
    "models/bad/versions/2",
  ]);
});

test("a receiver that hangs on one stream does not hold up another stream or another webhook", async () => {
  const other = await startReceiver();
  let release = () => {};
  const hanging = new Promise<void>((resolve) => {
    release = resolve;
  });
  receiver.reply = async ({ json }) => {
    if (json.subject === "models/slow") await hanging;
    return 200;
  };
  await outbox.webhook({ url: receiver.url, events: ["version"] });
  await outbox.webhook({ url: other.url, events: ["version"] });
  await outbox.tell("models/slow");
  const first = outbox.delivery.round();
  await expect.poll(() => other.taken.length).toBe(1);
  await outbox.tell("models/quick");
  await outbox.delivery.round();
  expect(subjectsOf(other.taken)).toEqual(["models/slow", "models/quick"]);
  expect(subjectsOf(receiver.taken)).toEqual(["models/slow", "models/quick"]);
  release();
  await first;
  await other.close();
});

test("attempts follow after 5, 10, 20 … seconds up to an hour, and end as dead after 72 hours; the stream goes on", async () => {
  const { id } = await outbox.webhook({ url: receiver.url });
  receiver.reply = ({ json }) => (json.subject.endsWith("/1") ? 500 : 200);
  await outbox.tell("models/a/versions/1");
  await outbox.tell("models/a/versions/2");
  await outbox.delivery.round();
  const waits: number[] = [];
  for (;;) {
    const [first] = await outbox.deliveries(id);
    if (first?.status !== "pending") break;
    const wait = (first.nextAt ?? 0) - outbox.ports.clock.now();
    waits.push(wait);
    outbox.advance(wait - 1);
    const before = receiver.taken.length;
    await outbox.delivery.round();
    expect(receiver.taken.length).toBe(before);
    outbox.advance(1);
    await outbox.delivery.round();
  }
  expect(waits.slice(0, 11).map((ms) => ms / second)).toEqual([5, 10, 20, 40, 80, 160, 320, 640, 1280, 2560, 3600]);
  expect(Math.max(...waits)).toBe(hour);
  expect(waits.reduce((sum, wait) => sum + wait, 0)).toBe(72 * hour);
  const [first, next] = await outbox.deliveries(id);
  expect(first).toMatchObject({ status: "dead", responseStatus: 500, error: "answered 500", nextAt: null });
  expect(next).toMatchObject({ status: "delivered", attempts: 1 });
});

test("a crash between the answer and its note delivers the event again, with the same id", async () => {
  await outbox.webhook({ url: receiver.url });
  await outbox.tell("models/a/versions/1");
  const crashing: Db = {
    tables: () => outbox.ports.db.tables(),
    transaction: (work) =>
      receiver.taken.length > 0 ? Promise.reject(new Error("crashed")) : outbox.ports.db.transaction(work),
  };
  await expect(makeDelivery({ ...outbox.ports, db: crashing }).round()).rejects.toThrow("crashed");
  expect(receiver.taken.length).toBe(1);
  await outbox.delivery.round();
  await outbox.delivery.round();
  expect(receiver.taken.length).toBe(2);
  expect(firsts(receiver.taken).length).toBe(1);
});

test("an event whose transaction is undone is never sent, and one that is kept always is", async () => {
  await outbox.webhook({ url: receiver.url });
  const undone = outbox.ports.db.transaction(async (tx) => {
    const event = { type: "modelyard.model.created" as const, subject: "models/undone", data: {}, actor: "a", at: 1 };
    await emit(tx, event);
    throw new Error("undone");
  });
  await expect(undone).rejects.toThrow("undone");
  await outbox.tell("models/kept");
  await outbox.delivery.round();
  expect(subjectsOf(receiver.taken)).toEqual(["models/kept"]);
});

test("a delivery is a CloudEvent whose signature holds for its exact bytes", async () => {
  await outbox.webhook({ url: receiver.url, secret: "a secret of the test" });
  await outbox.tell("models/größe/versions/1", "modelyard.version.created", { digest: "abc" });
  await outbox.delivery.round();
  const [{ headers, body, json } = { headers: {}, body: "", json: {} }] = receiver.taken;
  expect(headers["content-type"]).toBe("application/cloudevents+json");
  expect(json).toEqual({
    specversion: "1.0",
    id: expect.stringMatching(/^[0-9a-f-]{36}$/),
    source: "http://server.example:5080",
    type: "modelyard.version.created",
    subject: "models/größe/versions/1",
    time: "2025-11-24T16:00:00.000Z",
    datacontenttype: "application/json",
    sequence: "0000000000000002",
    actor: "tester",
    data: { digest: "abc" },
  });
  const signed = `${headers["x-modelyard-delivery-id"]}.${headers["x-modelyard-timestamp"]}.${body}`;
  const expected = createHmac("sha256", "a secret of the test").update(signed, "utf8").digest("base64");
  expect(headers["x-modelyard-signature"]).toBe(`v1,${expected}`);
  expect(Number(headers["x-modelyard-timestamp"])).toBe(outbox.ports.clock.now() / 1000);
});

test("the format mlflow sends MLflow's six events as MLflow does and no other", async () => {
  await outbox.webhook({ url: receiver.url, format: "mlflow", secret: "a secret of the test" });
  const told = [
    ["models/iris", "modelyard.model.created", { tags: { a: "b" }, description: "flowers" }],
    ["models/iris/versions/2", "modelyard.version.created", { source: "runs:/r/m", runId: "r", tags: {} }],
    ["models/iris/versions/2", "modelyard.version.tag.set", { key: "k", value: "v" }],
    ["models/iris/versions/2", "modelyard.version.tag.removed", { key: "k" }],
    ["models/iris", "modelyard.alias.set", { alias: "champion", version: 2 }],
    ["models/iris", "modelyard.alias.removed", { alias: "champion" }],
    ["models/iris/versions/2", "modelyard.version.stage.changed", { stage: "Production" }],
    ["services/iris", "modelyard.service.deployed", {}],
  ] as const;
  for (const [subject, type, data] of told) await outbox.tell(subject, type, data);
  await outbox.delivery.round();
  expect(receiver.taken.map(({ json }) => [json.entity, json.action, json.data])).toEqual([
    ["registered_model", "created", { name: "iris", tags: { a: "b" }, description: "flowers" }],
    [
      "model_version",
      "created",
      { name: "iris", version: "2", source: "runs:/r/m", run_id: "r", tags: {}, description: null },
    ],
    ["model_version_tag", "set", { name: "iris", version: "2", key: "k", value: "v" }],
    ["model_version_tag", "deleted", { name: "iris", version: "2", key: "k" }],
    ["model_version_alias", "created", { name: "iris", alias: "champion", version: "2" }],
    ["model_version_alias", "deleted", { name: "iris", alias: "champion" }],
  ]);
  for (const { headers, body, json } of receiver.taken) {
    expect(Number.isNaN(Date.parse(json.timestamp))).toBe(false);
    const signed = `${headers["x-mlflow-delivery-id"]}.${headers["x-mlflow-timestamp"]}.${body}`;
    const expected = createHmac("sha256", "a secret of the test").update(signed).digest("base64");
    expect(headers["x-mlflow-signature"]).toBe(`v1,${expected}`);
    expect(headers["content-type"]).toBe("application/json");
  }
});

test("a webhook gets only the types and the model it asks for", async () => {
  await outbox.webhook({ url: receiver.url, events: ["version.created", "modelyard.alias"], model: "a" });
  await outbox.tell("models/a/versions/1");
  await outbox.tell("models/a/versions/1", "modelyard.version.deleted");
  await outbox.tell("models/ab/versions/1");
  await outbox.tell("models/a", "modelyard.alias.set");
  await outbox.tell("services/a", "modelyard.service.deployed");
  await outbox.delivery.round();
  expect(receiver.taken.map(({ json }) => `${json.type} ${json.subject}`)).toEqual([
    "modelyard.version.created models/a/versions/1",
    "modelyard.alias.set models/a",
  ]);
});

test("a new webhook begins at the end of the outbox, or after the sequence it names", async () => {
  for (const number of [1, 2, 3]) await outbox.tell(`models/a/versions/${number}`);
  await outbox.webhook({ url: receiver.url, events: ["version"] });
  await outbox.delivery.round();
  expect(receiver.taken).toEqual([]);
  await outbox.webhook({ url: receiver.url, events: ["version"], from: 1 });
  await outbox.delivery.round();
  expect(subjectsOf(receiver.taken)).toEqual(["models/a/versions/2", "models/a/versions/3"]);
});

test("a disabled webhook is sent nothing and goes on where it stood, with its whole time before it", async () => {
  const { id } = await outbox.webhook({ url: receiver.url });
  const change = (status: "active" | "disabled") => updateWebhook(outbox.ports)({ id, status }, context);
  receiver.reply = () => 500;
  await outbox.tell("models/a/versions/1");
  await outbox.delivery.round();
  await change("disabled");
  await outbox.tell("models/a/versions/2");
  await run(100 * hour, hour);
  expect(receiver.taken.length).toBe(1);
  await change("active");
  await outbox.delivery.round();
  expect((await outbox.deliveries(id)).map(({ status }) => status)).toEqual(["pending", "pending"]);
  receiver.reply = () => 200;
  await run(5 * second);
  expect(subjectsOf(receiver.taken).slice(-2)).toEqual(["models/a/versions/1", "models/a/versions/2"]);
});

test("a redirect is not followed and counts as a failure", async () => {
  const inside = await startReceiver();
  const { id } = await outbox.webhook({ url: receiver.url });
  receiver.reply = () => ({ status: 307, headers: { location: inside.url } });
  await outbox.tell("models/a");
  await outbox.delivery.round();
  expect(inside.taken).toEqual([]);
  expect(await outbox.deliveries(id)).toMatchObject([
    { status: "pending", responseStatus: 307, error: "answered 307" },
  ]);
  await inside.close();
});

test("a dead event is sent again by hand, and by a replay from its sequence", async () => {
  const { id } = await outbox.webhook({ url: receiver.url });
  receiver.reply = () => 500;
  await outbox.tell("models/a/versions/1");
  await run(80 * hour, hour);
  const [dead] = await outbox.deliveries(id);
  expect(dead?.status).toBe("dead");
  receiver.reply = () => 200;
  for (const event of [dead?.event ?? "", dead?.id ?? ""])
    expect(await redeliverEvent(outbox.ports)({ id, event }, context)).toMatchObject({
      event: dead?.event,
      attempts: 0,
    });
  await outbox.delivery.round();
  await updateWebhook(outbox.ports)({ id, from: 0 }, context);
  await outbox.delivery.round();
  expect((await outbox.deliveries(id)).map(({ status }) => status)).toEqual(["dead", ...Array(3).fill("delivered")]);
});

test("a test event is sent at once and its answer shown", async () => {
  const { id } = await outbox.webhook({ url: receiver.url });
  expect(await testWebhook(outbox.ports)({ id }, context)).toEqual({
    ...{ success: true, responseStatus: 200, responseBody: "thank you", error: null },
  });
  await receiver.close();
  const refused = await testWebhook(outbox.ports)({ id }, context);
  expect(refused).toMatchObject({ success: false, responseStatus: null });
  expect(refused.error).toContain("ECONNREFUSED");
  const { items } = await listEvents(outbox.ports)({ pageSize: 10 }, context);
  expect(items.map(({ type }) => type)).toEqual(["modelyard.webhook.created"]);
});
