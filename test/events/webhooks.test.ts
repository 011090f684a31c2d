import { afterAll, beforeAll, expect, test } from "vitest";
import { makeClient } from "../../src/client/client.ts";
import { cli } from "../cli/run-cli.ts";
import { codeOf } from "../refusals.ts";
import { startServer, type TestServer } from "../server.ts";
import { type Received, startReceiver } from "./receiver.ts";

let server: TestServer;
let receiver: Awaited<ReturnType<typeof startReceiver>>;
beforeAll(async () => {
  server = await startServer({ env: { MODELYARD_ALLOW_PRIVATE_WEBHOOKS: "1" } });
  receiver = await startReceiver();
});
afterAll(async () => {
  await receiver.close();
  await server.remove();
});

const run = (...args: string[]) => cli(args, { MODELYARD_URL: server.url, MODELYARD_TOKEN: server.token });
async function register(name: string, bytes: string, more: object = {}) {
  const { digest, size } = await server.client.uploadBlob({}, { body: Buffer.from(bytes) });
  return server.client.registerModel({ name, files: [{ path: "model.bin", digest, size }], ...more });
}
const about = (taken: Received[], subject: string) => taken.filter(({ json }) => json.subject === subject);

test("an event is sent without waiting for the next round, and its delivery is noted", async () => {
  const { id } = await server.client.createWebhook({ url: receiver.url, events: ["version", "token"] });
  await register("quick", "bytes");
  await expect.poll(() => about(receiver.taken, "models/quick/versions/1").length).toBe(1);
  const token = await server.client.createToken({ role: "reader", name: "watched" });
  await server.client.revokeToken({ id: token.id });
  await server.client.revokeToken({ id: token.id });
  await expect.poll(() => about(receiver.taken, `tokens/${token.id}`).length).toBe(2);
  expect(
    about(receiver.taken, `tokens/${token.id}`).map(({ json }) => [json.type, json.actor, json.data.name]),
  ).toEqual([
    ["modelyard.token.created", "admin", "watched"],
    ["modelyard.token.revoked", "admin", "watched"],
  ]);
  expect(JSON.stringify(receiver.taken.map(({ json }) => json))).not.toContain(token.token);
  // an attempt is noted after its answer
  const statuses = async () => (await server.client.listDeliveries({ id })).items.map(({ status }) => status);
  await expect.poll(statuses).toEqual(["delivered", "delivered", "delivered"]);
  await server.client.deleteWebhook({ id });
});

test("every change of one model arrives in the order of the list of events", async () => {
  const mine = await startReceiver();
  const { id } = await server.client.createWebhook({ url: mine.url, model: "ordered" });
  await Promise.all(Array.from({ length: 20 }, (_, index) => register("ordered", `bytes ${index}`)));
  const listed = await server.client.listEvents({ after: 0, subject: "models/ordered", pageSize: 1000 });
  expect(listed.items.filter(({ type }) => type === "modelyard.version.created").length).toBe(20);
  await expect.poll(() => mine.taken.length).toBe(listed.items.length);
  expect(mine.taken.map(({ json }) => json)).toEqual(listed.items);
  await server.client.deleteWebhook({ id });
  await mine.close();
});

test("a webhook of one model follows it through a rename, and no webhook is told of itself", async () => {
  const mine = await startReceiver();
  await register("before", "bytes");
  const { id } = await server.client.createWebhook({ url: mine.url, model: "before" });
  const everything = await server.client.createWebhook({ url: mine.url, events: ["webhook"] });
  await server.client.tagModel({ name: "before", version: 1, tags: { a: "1" } });
  await server.client.renameModel({ name: "before", newName: "after" });
  await server.client.tagModel({ name: "after", version: 1, tags: { a: "2" } });
  await server.client.updateWebhook({ id, description: "changed" });
  await server.client.updateWebhook({ id: everything.id, description: "changed" });
  const wanted = ["models/after", "models/after/versions/1", "models/before/versions/1", `webhooks/${id}`];
  await expect.poll(() => mine.taken.map(({ json }) => json.subject).sort()).toEqual(wanted);
  await server.client.deleteWebhook({ id: everything.id });
  await server.client.deleteWebhook({ id });
  expect(JSON.stringify(mine.taken)).not.toContain(mine.url);
  await mine.close();
});

test("a server killed while a receiver works sends the event again after its start, and loses none", async () => {
  const mine = await startReceiver();
  let hold = true;
  mine.reply = () => (hold ? new Promise<number>(() => {}) : 200);
  const { id } = await server.client.createWebhook({ url: mine.url, model: "killed" });
  await register("killed", "one");
  await expect.poll(() => mine.taken.length).toBe(1);
  await register("killed", "two");
  hold = false;
  server = await server.restart();
  const { items } = await server.client.listEvents({ after: 0, subject: "models/killed" });
  await expect.poll(() => mine.taken.length).toBe(items.length + 1);
  expect(mine.taken.slice(1).map(({ json }) => json.id)).toEqual(items.map((event) => event.id));
  expect(mine.taken[0]?.json.id).toBe(mine.taken[1]?.json.id);
  await server.client.deleteWebhook({ id });
  await mine.close();
});

test("an MLflow receiver gets a registration as MLflow tells it", async () => {
  const mine = await startReceiver();
  const { id } = await server.client.createWebhook({ url: mine.url, format: "mlflow", model: "flow" });
  await register("flow", "bytes", { tags: { team: "vision" }, description: "text" });
  await expect.poll(() => mine.taken.length).toBe(2);
  expect(mine.taken.map(({ json }) => [json.entity, json.action])).toEqual([
    ["registered_model", "created"],
    ["model_version", "created"],
  ]);
  expect(mine.taken[0]?.json.data).toEqual({ name: "flow", tags: {}, description: null });
  expect(mine.taken[1]?.json.data).toMatchObject({
    ...{ name: "flow", version: "1", run_id: null, tags: { team: "vision" }, description: "text" },
  });
  await server.client.deleteWebhook({ id });
  await mine.close();
});

test("a secret is answered once, when the webhook is made, and never again", async () => {
  const made = await server.client.createWebhook({ url: receiver.url, name: "once" });
  expect(made.secret).toMatch(/^whsec_.{40,}$/);
  const { id } = made;
  const later = [
    await server.client.getWebhook({ id }),
    await server.client.listWebhooks({}),
    await server.client.updateWebhook({ id, name: "renamed", secret: "another secret" }),
    await server.client.testWebhook({ id }),
    await server.client.listDeliveries({ id }),
  ];
  expect(JSON.stringify(later)).not.toMatch(/secret/i);
  await server.client.deleteWebhook({ id });
  expect(await codeOf(server.client.getWebhook({ id }))).toBe("webhook-not-found");
});

test("a webhook into the network is refused unless it is allowed", async () => {
  const guarded = await startServer();
  try {
    for (const url of [receiver.url, "http://localhost:1/", "http://[::ffff:127.0.0.1]/", "http://2130706433/"])
      expect(await codeOf(guarded.client.createWebhook({ url }))).toBe("webhook-address-refused");
    expect(await codeOf(guarded.client.createWebhook({ url: "file:///etc/passwd" }))).toBe("invalid-input");
    expect(await codeOf(guarded.client.createWebhook({ url: "http://93.184.216.34/" }))).toBe("no error");
  } finally {
    await guarded.remove();
  }
});

test("readers list events and see no webhook", async () => {
  const { token } = await server.client.createToken({ role: "reader" });
  const reader = makeClient({ url: server.url, token, fetch });
  expect((await reader.listEvents({ after: 0 })).items.length).toBeGreaterThan(0);
  expect(await codeOf(reader.listWebhooks({}))).toBe("forbidden");
});

test("the commands make, test, list, pause, redeliver and delete", async () => {
  const made = await run(
    "webhook",
    "create",
    "--url",
    receiver.url,
    "--name",
    "by hand",
    "--event",
    "model",
    "--from",
    "0",
  );
  expect(made).toMatchObject({ exitCode: 0 });
  const [id = ""] = made.stdout.trim().split(/\s+/);
  expect((await run("webhook", "test", id)).stdout).toBe("The receiver answered 200\n");
  expect((await run("webhook", "test", id, "--type", "alert.firing")).exitCode).toBe(0);
  expect((await run("webhook", "test", id, "--type", "modelyard.alert.resolved")).exitCode).toBe(0);
  const tested = about(receiver.taken, "alerts/example").map(({ json }) => json.type);
  expect(tested).toEqual(["modelyard.alert.firing", "modelyard.alert.resolved"]);
  const misspelt = await run("webhook", "test", id, "--type", "alert.fired");
  expect(misspelt.exitCode).toBe(2);
  expect(misspelt.stderr).toContain("type: is no event type, such as");
  expect(misspelt.stderr).not.toContain("modelyard.token.revoked");
  expect((await run("webhook", "list")).stdout).toContain("by hand");
  await expect.poll(async () => (await run("webhook", "deliveries", id)).stdout).toContain("delivered");
  const [last] = (await server.client.listDeliveries({ id })).items;
  const before = receiver.taken.filter(({ json }) => json.id === last?.event).length;
  expect((await run("webhook", "redeliver", id, last?.event ?? "")).exitCode).toBe(0);
  await expect.poll(() => receiver.taken.filter(({ json }) => json.id === last?.event).length).toBe(before + 1);
  expect((await run("webhook", "redeliver", id, "none")).exitCode).toBe(3);
  expect((await run("webhook", "update", id, "--status", "disabled")).stdout).toMatch(/Status +disabled/);
  expect((await run("webhook", "show", id)).stdout).toMatch(/Events +model/);
  const events = await run("events", "list", "--after", "0", "--type", "token", "--json");
  const { items } = JSON.parse(events.stdout) as { items: { type: string }[] };
  expect(items.length).toBeGreaterThan(0);
  expect(items.every(({ type }) => type.startsWith("modelyard.token."))).toBe(true);
  expect((await run("events", "list")).stderr).toMatch(/add --after \d+/);
  expect((await run("events", "list", "--type", "nonsense")).exitCode).toBe(2);
  expect((await run("webhook", "delete", id)).exitCode).toBe(0);
});
