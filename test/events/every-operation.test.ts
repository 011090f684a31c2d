import { afterAll, beforeAll, expect, test } from "vitest";
import { eventText } from "../../src/contract/event-text.ts";
import { type EventType, eventTypes } from "../../src/contract/events.ts";
import { type OperationName, operationEntries, operations } from "../../src/contract/operations.ts";
import { echoScript, script, smallModel } from "../scripts.ts";
import { startServer, type TestServer } from "../server.ts";
import { startReceiver } from "./receiver.ts";

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

/** What each operation that is no look is told as, in the order they are tried; a text says why one is not told. */
const told: { [Name in OperationName]?: EventType[] | string } = {
  createToken: ["modelyard.token.created"],
  revokeToken: ["modelyard.token.revoked"],
  createSignInLink: "lives a minute, changes nothing",
  createWebhook: ["modelyard.webhook.created"],
  updateWebhook: ["modelyard.webhook.updated"],
  testWebhook: "sends, changes nothing",
  redeliverEvent: "sends, changes nothing",
  deleteWebhook: ["modelyard.webhook.deleted"],
  createModel: ["modelyard.model.created"],
  updateModel: ["modelyard.model.updated", "modelyard.model.tag.removed", "modelyard.model.tag.set"],
  uploadBlob: "bytes that nothing names yet",
  registerModel: ["modelyard.version.created"],
  attachFiles: ["modelyard.version.files.attached"],
  tagModel: ["modelyard.version.tag.removed", "modelyard.version.tag.set", "modelyard.version.updated"],
  transitionStage: ["modelyard.version.stage.changed"],
  setAlias: ["modelyard.alias.set"],
  deleteAlias: ["modelyard.alias.removed"],
  archiveVersion: ["modelyard.version.archived"],
  restoreVersion: ["modelyard.version.restored"],
  renameModel: ["modelyard.model.updated"],
  verifyRegistry: "reads",
  buildImage: ["modelyard.image.created"],
  deleteImage: ["modelyard.image.deleted"],
  deployService: ["modelyard.image.created", "modelyard.service.deployed"],
  invokeService: "a request of the service, which is recorded",
  updateService: ["modelyard.service.updated"],
  rollBackService: ["modelyard.service.rolled-back"],
  regenerateServiceKey: ["modelyard.service.key-regenerated"],
  createServiceToken: "signs, keeps nothing",
  setBaseline: ["modelyard.baseline.set"],
  removeBaseline: ["modelyard.baseline.removed"],
  addLabels: "data of a service, as its records are",
  importLabels: "data of a service, as its records are",
  createDataset: ["modelyard.dataset.created"],
  rebuildDataset: ["modelyard.dataset.created"],
  deleteDataset: ["modelyard.dataset.deleted"],
  compactRecords: "moves, changes nothing",
  eraseRecords: ["modelyard.dataset.erased"],
  stopService: ["modelyard.service.stopped"],
  startService: ["modelyard.service.started"],
  createAlert: ["modelyard.alert.created"],
  silenceAlert: ["modelyard.alert.silenced"],
  testAlert: "looks, keeps nothing",
  deleteAlert: ["modelyard.alert.deleted"],
  deleteService: ["modelyard.service.deleted"],
  deleteModel: ["modelyard.image.deleted", "modelyard.version.deleted"],
  deleteWholeModel: ["modelyard.model.deleted"],
};

/** What no operation tells: states that an alert comes to by itself (test/monitor/alerts.test.ts), and drift (test/monitor/drift). */
const toldByTime: EventType[] = [
  "modelyard.alert.pending",
  "modelyard.alert.passed",
  "modelyard.alert.firing",
  "modelyard.alert.resolved",
  "modelyard.drift.began",
  "modelyard.drift.ended",
];

test("every operation that is no look says how it is told, and every type of event is told by one", () => {
  const changing = operationEntries.flatMap(([name, { method }]) => (method === "GET" ? [] : [name]));
  expect(Object.keys(told).sort()).toEqual(changing.sort());
  const types = new Set(Object.values(told).flatMap((events) => (typeof events === "string" ? [] : events)));
  expect([...types, ...toldByTime].sort()).toEqual([...eventTypes].sort());
});

test(
  "every change is told by its events, once, and a repetition that changes nothing by none",
  { timeout: 120_000 },
  async () => {
    const { client } = server;
    const newest = async () => (await client.listEvents({ pageSize: 1 })).next;
    const tried: OperationName[] = [];
    /** Does it, and compares what was told meanwhile with the table above. */
    const change = async <Result>(name: OperationName, work: () => Promise<Result>): Promise<Result> => {
      const after = await newest();
      const result = await work();
      const { items } = await client.listEvents({ after });
      const wanted = told[name];
      expect(
        items.map(({ type }) => type),
        operations[name].id,
      ).toEqual(typeof wanted === "string" ? [] : wanted);
      expect(items.map(eventText).join("\n"), "its sentence has all it speaks of").not.toContain("–");
      tried.push(name);
      return result;
    };
    const nothing = async (work: () => Promise<unknown>) => {
      const after = await newest();
      await work();
      expect((await client.listEvents({ after })).items).toEqual([]);
    };

    const { id: token } = await change("createToken", () => client.createToken({ role: "reader" }));
    await change("createSignInLink", () => client.createSignInLink({}));
    await change("revokeToken", () => client.revokeToken({ id: token }));
    const { id } = await change("createWebhook", () => client.createWebhook({ url: receiver.url, events: ["alias"] }));
    await change("updateWebhook", () => client.updateWebhook({ id, status: "disabled" }));
    await nothing(() => client.updateWebhook({ id }));
    await change("testWebhook", () => client.testWebhook({ id }));
    const [event] = (await client.listEvents({ after: 0 })).items;
    await change("redeliverEvent", () => client.redeliverEvent({ id, event: event?.id ?? "" }));
    await change("deleteWebhook", () => client.deleteWebhook({ id }));

    const name = "changing";
    await change("createModel", () => client.createModel({ name, tags: { a: "1" } }));
    const update = { name, description: "text", tags: { b: "2" } };
    await change("updateModel", () => client.updateModel({ ...update, removeTags: ["a"] }));
    await nothing(() => client.updateModel({ name, tags: { b: "2" }, removeTags: ["a"] }));
    const { digest, size } = await change("uploadBlob", () => client.uploadBlob({}, { body: Buffer.from("bytes") }));
    const files = [{ path: "model.txt", digest, size }];
    await change("registerModel", () => client.registerModel({ name, files, tags: { a: "1" } }));
    const { version: external } = await client.registerModel({ name, files: [], source: "s3://models/m" });
    await change("attachFiles", () => client.attachFiles({ name, version: external, files }));
    await client.deleteModel({ name, version: external });
    const version = { name, version: 1 };
    await change("tagModel", () =>
      client.tagModel({
        ...version,
        removeTags: ["a"],
        tags: { b: "2" },
        properties: { seed: "7" },
        description: "text",
      }),
    );
    await nothing(() => client.tagModel({ ...version, removeTags: ["a"], tags: { b: "2" } }));
    await change("transitionStage", () => client.transitionStage({ ...version, stage: "Staging" }));
    await nothing(() => client.transitionStage({ ...version, stage: "Staging" }));
    await change("setAlias", () => client.setAlias({ ...version, alias: "champion" }));
    await nothing(() => client.setAlias({ ...version, alias: "champion" }));
    await change("deleteAlias", () => client.deleteAlias({ name, alias: "champion" }));
    await change("archiveVersion", () => client.archiveVersion(version));
    await nothing(() => client.archiveVersion(version));
    await change("restoreVersion", () => client.restoreVersion(version));
    await nothing(() => client.restoreVersion(version));
    await change("renameModel", () => client.renameModel({ name, newName: "changed" }));
    await change("verifyRegistry", () => client.verifyRegistry({}));

    const parts = { models: ["changed:1"], script: await script(server, echoScript), requirements: "" };
    const built = await change("buildImage", () => client.buildImage(parts));
    await nothing(() => client.buildImage(parts));
    await change("deleteImage", () => client.deleteImage({ digest: built.digest }));
    const service = "changing";
    await change("deployService", () => client.deployService({ name: service, ...parts }));
    await change("invokeService", () => client.invokeService({ name: service, body: '{"data": [[1]]}' }));
    const data = { name: "changing", service, since: "1h" };
    const set = await change("createDataset", () => client.createDataset(data));
    await nothing(() => client.rebuildDataset({ name: "changing" }));
    const label = { service, id: (await client.listRecords({ service })).items[0]?.id ?? "", value: 1 };
    await change("addLabels", () => client.addLabels(label));
    const csv = Buffer.from(`id,value\n${label.id},2\n`);
    await change("importLabels", () => client.importLabels({ service }, { body: csv }));
    await change("rebuildDataset", () => client.rebuildDataset({ name: "changing" }));
    await change("deleteDataset", () => client.deleteDataset({ name: "changing", digest: set.digest }));
    await change("compactRecords", () => client.compactRecords({}));
    const again = await client.getDataset({ name: "changing" });
    const erased = await change("eraseRecords", () => client.eraseRecords({ correlationId: label.id }));
    expect(erased, "data sets that held it are named").toMatchObject({ records: 1, datasets: [again.reference] });
    expect((await client.listLabels({ id: label.id })).items, "labels go with their record").toEqual([]);
    await change("updateService", () => client.updateService({ name: service, timeoutMs: 5000 }));
    await nothing(() => client.updateService({ name: service, timeoutMs: 5000 }));
    await change("rollBackService", () => client.rollBackService({ name: service }));
    await change("createServiceToken", () => client.createServiceToken({ name: service }));
    await change("regenerateServiceKey", () => client.regenerateServiceKey({ name: service, key: "primary" }));
    const { digest: rows } = await client.uploadBlob({}, { body: Buffer.from(`x0\n${"1\n2\n".repeat(25)}`) });
    await change("setBaseline", () => client.setBaseline({ service, file: { digest: rows, format: "csv" } }));
    await change("removeBaseline", () => client.removeBaseline({ service }));
    await change("stopService", () => client.stopService({ name: service }));
    await change("startService", () => client.startService({ name: service }));
    const alert = { name: "slow", when: "p95 > 1h" };
    await change("createAlert", () => client.createAlert(alert));
    await change("silenceAlert", () => client.silenceAlert({ name: "slow", for: "1h" }));
    await change("testAlert", () => client.testAlert({ name: "slow" }));
    await change("deleteAlert", () => client.deleteAlert({ name: "slow" }));
    await change("deleteService", () => client.deleteService({ name: service }));
    await change("deleteModel", () => client.deleteModel({ name: "changed", version: 1 }));
    await smallModel(server, "changed", "more");
    await change("deleteWholeModel", () => client.deleteWholeModel({ name: "changed" }));
    expect(tried.sort(), "every operation was tried").toEqual(Object.keys(told).sort());
  },
);
