import { afterAll, beforeAll, expect, test } from "vitest";
import { codeOf } from "../refusals.ts";
import { deployScript, echoScript, score, smallModel } from "../scripts.ts";
import { startServer, type TestServer } from "../server.ts";

let server: TestServer;
beforeAll(async () => {
  server = await startServer();
});
afterAll(() => server.remove());

test("what answered at any moment is known to the version, through updates, stops, a rename and the end of the service", async () => {
  const { client } = server;
  const now = () => new Date().toISOString();
  const answering = async (at?: string, name = "timed-model") =>
    (await client.whatServed({ name, ...(at === undefined ? {} : { at }) })).items.map(
      ({ service, revision, version }) => `${service} ${revision} ${version}`,
    );
  const moments = { before: now(), first: "", second: "", stopped: "", again: "", renamed: "", deleted: "" };
  await deployScript(server, "timed", echoScript);
  moments.first = now();
  await smallModel(server, "timed-model", "another");
  await client.updateService({ name: "timed", models: ["timed-model:2"] });
  moments.second = now();
  await client.stopService({ name: "timed" });
  moments.stopped = now();
  await client.startService({ name: "timed" });
  moments.again = now();
  expect(await answering(moments.second)).toEqual(["timed 2 2"]);

  // a rename leaves the service running and its model known by the new name
  await client.renameModel({ name: "timed-model", newName: "renamed-model" });
  moments.renamed = now();
  const { scoringUri, models } = await client.getService({ name: "timed" });
  expect(models).toEqual(["renamed-model:2"]);
  const { primary } = await client.getServiceKeys({ name: "timed" });
  expect((await score(scoringUri, primary, "[1]")).status).toBe(200);
  expect((await client.listServices({ model: "renamed-model:2" })).items).toHaveLength(1);
  expect((await client.getModel({ name: "renamed-model" })).services).toEqual(["timed"]);
  expect(await codeOf(client.deleteModel({ name: "renamed-model", version: 2 }))).toBe("version-in-use");
  expect(await codeOf(client.deleteWholeModel({ name: "renamed-model" }))).toBe("version-in-use");
  expect((await client.listModels({ filter: "live = 'true'" })).items.map((item) => item.reference)).toEqual([
    "renamed-model:2",
  ]);
  expect((await client.listModels({ filter: "live_on = 'timed'" })).items).toHaveLength(1);
  expect((await client.listModels({ filter: "unused_since < '0s'" })).items.map((item) => item.reference)).toEqual([
    "renamed-model:1",
  ]);
  // the rename reaches the records too, and an update that changes no model goes on from the new name
  expect((await client.updateService({ name: "timed", env: { A: "b" } })).service.models).toEqual(["renamed-model:2"]);

  await client.deleteService({ name: "timed" });
  moments.deleted = now();
  for (const name of ["renamed-model", "timed-model"]) {
    expect(await answering(moments.before, name)).toEqual([]);
    expect(await answering(moments.first, name)).toEqual(["timed 1 1"]);
    expect(await answering(moments.second, name)).toEqual(["timed 2 2"]);
    expect(await answering(moments.stopped, name)).toEqual([]);
    expect(await answering(moments.again, name)).toEqual(["timed 2 2"]);
    expect(await answering(moments.deleted, name)).toEqual([]);
  }
  const spans = (await client.whatServed({ name: "renamed-model" })).items;
  expect(spans.map(({ version }) => version)).toEqual([2, 2, 2, 1]);
  expect(spans.every(({ to }) => to !== null)).toBe(true);
  const history = (await client.getModelHistory({ name: "renamed-model", version: 2 })).items.map(
    ({ action }) => action,
  );
  expect(history).toEqual([
    "version.undeployed",
    "version.deployed",
    "version.undeployed",
    "version.deployed",
    "version.created",
  ]);
}, 60_000);

test("an alias in a deployment is the version it means then; moving it changes nothing that runs until an update", async () => {
  const { client } = server;
  await smallModel(server, "pinned-model", "one");
  await smallModel(server, "pinned-model", "two");
  await client.setAlias({ name: "pinned-model", alias: "champion", version: 1 });
  await deployScript(server, "pinned", echoScript, { models: ["pinned-model@champion"] });
  const models = async () => (await client.getService({ name: "pinned" })).models;
  expect(await models()).toEqual(["pinned-model:1"]);
  await client.setAlias({ name: "pinned-model", alias: "champion", version: 2 });
  expect(await models()).toEqual(["pinned-model:1"]);
  expect((await client.listServices({ model: "pinned-model@champion" })).items).toEqual([]);
  await client.updateService({ name: "pinned", models: ["pinned-model@champion"] });
  expect(await models()).toEqual(["pinned-model:2"]);
  expect(await codeOf(client.updateService({ name: "pinned", models: ["pinned-model@nobody"] }))).toBe(
    "alias-not-found",
  );
}, 60_000);

test("an archived version is not deployed anew, and the service that runs it goes on", async () => {
  const { client } = server;
  await deployScript(server, "shelved", echoScript);
  await client.archiveVersion({ name: "shelved-model", version: 1 });
  const { scoringUri, image } = await client.getService({ name: "shelved" });
  const { primary } = await client.getServiceKeys({ name: "shelved" });
  expect((await score(scoringUri, primary, "[1]")).status).toBe(200);
  expect((await client.updateService({ name: "shelved", env: { A: "b" } })).changed).toBe(true);
  expect(await codeOf(client.deployService({ name: "another", image }))).toBe("version-archived");
}, 60_000);
