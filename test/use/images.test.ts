import { existsSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { sha256 } from "../../src/kernel/hash.ts";
import { eventually } from "../faults/eventually.ts";
import { codeOf, errorOf } from "../refusals.ts";
import { deployScript, echoScript, score, script, smallModel } from "../scripts.ts";
import { startServer, type TestServer } from "../server.ts";

let server: TestServer;
beforeAll(async () => {
  server = await startServer();
});
afterAll(() => server.remove());

const folderOf = (digest: string) => join(server.home, "images", digest);
const eventsOf = async (digest: string) =>
  (await server.client.listEvents({ after: 0, subject: `images/${digest}` })).items.map(({ type, data }) => [
    type,
    data,
  ]);

test("an image a service holds is not deleted, stopped or not; the refusal names the service and what frees the image", async () => {
  const { image } = await deployScript(server, "holder", echoScript);
  const error = await errorOf(server.client.deleteImage({ digest: image }));
  expect([error.code, error.status]).toEqual(["image-in-use", 409]);
  expect(error.message).toContain("is in use by holder");
  expect(error.fix).toContain("modelyard service delete holder");
  await server.client.stopService({ name: "holder" });
  expect(await codeOf(server.client.deleteImage({ digest: image }))).toBe("image-in-use");
  await server.client.deleteService({ name: "holder" });
  expect(await server.client.deleteImage({ digest: image.slice(0, 8) })).toEqual({
    digest: image,
    models: ["holder-model:1"],
  });
  expect(existsSync(folderOf(image))).toBe(false);
  expect(await codeOf(server.client.getImage({ digest: image }))).toBe("image-not-found");
  expect(await codeOf(server.client.deleteImage({ digest: image }))).toBe("image-not-found");
  const data = { digest: image, models: ["holder-model:1"] };
  expect(await eventsOf(image)).toEqual([
    ["modelyard.image.created", data],
    ["modelyard.image.deleted", data],
  ]);
});

test("an image that a service is being moved to is held already", async () => {
  await deployScript(server, "mover", echoScript);
  const slow = "import time\ndef init():\n    time.sleep(3)\ndef run(raw_data):\n    return 'slow'\n";
  const next = await server.client.buildImage({
    models: ["mover-model"],
    script: await script(server, slow),
    requirements: "",
  });
  const update = server.client.updateService({ name: "mover", image: next.digest });
  await eventually(60_000, async () =>
    expect(await codeOf(server.client.getServiceLogs({ name: "mover", revision: 2 }))).toBe("no error"),
  );
  expect((await errorOf(server.client.deleteImage({ digest: next.digest }))).message).toContain("in use by mover");
  expect((await update).service.revision).toBe(2);
});

test("a deleted image is made again by the same build, with the same digest; a rollback to it is refused while it is gone", async () => {
  const first = await deployScript(server, "maker", echoScript);
  const { input } = await server.client.getImage({ digest: first.image });
  const second = await smallModel(server, "maker-model", "second");
  await server.client.updateService({ name: "maker", models: [second] });
  await server.client.deleteImage({ digest: first.image });
  expect(await codeOf(server.client.rollBackService({ name: "maker" }))).toBe("image-not-found");
  expect(await server.client.buildImage(input)).toMatchObject({ digest: first.image, built: true });
  expect((await server.client.rollBackService({ name: "maker" })).service.image).toBe(first.image);
});

test("a record leads to the digests of the files that answered, also after image and version were deleted", async () => {
  const { scoringUri, image } = await deployScript(server, "proof", echoScript);
  const { primary } = await server.client.getServiceKeys({ name: "proof" });
  const { requestId } = await score(scoringUri, primary, "[1]");
  const files = [
    { path: "azureml-models/proof-model/1/model.txt", digest: sha256("proof model") },
    { path: "source/score.py", digest: sha256(echoScript) },
  ];
  expect(await server.client.getRecord({ id: requestId })).toMatchObject({ image, models: ["proof-model:1"], files });
  await server.client.deleteService({ name: "proof" });
  const { deletedImages } = await server.client.deleteModel({ name: "proof-model", version: 1 });
  expect(deletedImages).toEqual([image]);
  expect((await eventsOf(image)).at(-1)).toEqual([
    "modelyard.image.deleted",
    { digest: image, models: ["proof-model:1"] },
  ]);
  expect(existsSync(folderOf(image))).toBe(false);
  expect(await server.client.getRecord({ id: requestId })).toMatchObject({ image, models: ["proof-model:1"], files });
});

test("a model is served whose name has more bytes than a folder's may", async () => {
  const name = "模".repeat(200);
  const models = [await smallModel(server, name, "weights")];
  const service = await server.client.deployService({
    ...{ name: "longest", models, script: await script(server, echoScript), requirements: "" },
  });
  const { primary } = await server.client.getServiceKeys({ name: "longest" });
  expect(JSON.parse((await score(service.scoringUri, primary, "1")).text)).toEqual({ model: "weights", got: 1 });
});
