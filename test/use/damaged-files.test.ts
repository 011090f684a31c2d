import { chmodSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { uploadMissing } from "../../src/client/files/upload.ts";
import { sha256 } from "../../src/kernel/hash.ts";
import { cli } from "../cli/run-cli.ts";
import { eventually } from "../faults/eventually.ts";
import { hostPid } from "../faults/home-processes.ts";
import { errorOf } from "../refusals.ts";
import { deployScript, echoScript } from "../scripts.ts";
import { startServer, type TestServer } from "../server.ts";

let server: TestServer;
beforeAll(async () => {
  server = await startServer();
});
afterAll(() => server.remove());

const blob = (digest: string) => join(server.home, "blobs", "sha256", digest.slice(0, 2), digest);
const copyOf = async (service: string, path = `azureml-models/${service}-model/1/model.txt`) =>
  join(server.home, "images", (await server.client.getService({ name: service })).image, path);
const answer = async (name: string) => (await server.client.invokeService({ name, body: "[]" })).answer;
const stateOf = async (name: string) => {
  const { state, reason } = await server.client.getService({ name });
  return `${state}: ${reason}`;
};

test("a copy that was changed on disk is not loaded: the service says which file, verify too, and a start mends it", async () => {
  await deployScript(server, "changed", echoScript);
  const copy = await copyOf("changed");
  writeFileSync(copy, "changed modem");
  // every worker of this home starts anew with the host
  process.kill(hostPid(server.home), "SIGKILL");
  await eventually(60_000, async () =>
    expect(await stateOf("changed")).toMatch(
      /^failed: digest-mismatch: model\.txt of model changed-model:1 was changed on disk/,
    ),
  );
  const verified = await server.client.verifyRegistry({});
  const { image } = await server.client.getService({ name: "changed" });
  const path = "azureml-models/changed-model/1/model.txt";
  expect(verified).toMatchObject({
    problems: [],
    copies: [{ image, path, problem: "damaged", services: ["changed"] }],
  });
  const told = await cli(["registry", "verify"], { MODELYARD_URL: server.url, MODELYARD_TOKEN: server.token });
  expect([told.exitCode, told.stdout]).toEqual([
    4,
    expect.stringMatching(/damaged +azureml-models\/.*model\.txt +changed/),
  ]);

  expect((await server.client.startService({ name: "changed" })).state).toBe("ready");
  expect(await answer("changed")).toContain("changed model");
  expect((await server.client.verifyRegistry({})).copies).toEqual([]);
});

test("a replica whose file is gone stays away while the others go on, and comes back after a build wrote it anew", async () => {
  await deployScript(server, "pair", echoScript, { replicas: 2 });
  const { replicas, image } = await server.client.getService({ name: "pair" });
  rmSync(await copyOf("pair", "source/score.py"));
  process.kill(replicas[0]?.pid ?? 0, "SIGKILL");
  await eventually(60_000, async () =>
    expect(await stateOf("pair")).toMatch(
      /^degraded: digest-mismatch: score\.py of the entry script is missing on disk/,
    ),
  );
  expect(await answer("pair")).toContain("pair model");
  const { input } = await server.client.getImage({ digest: image });
  expect(await server.client.buildImage(input)).toMatchObject({ digest: image, built: false });
  await eventually(60_000, async () => expect(await stateOf("pair")).toBe("ready: null"));
});

test("a rollback and an update of settings mend the copy they start from", async () => {
  await deployScript(server, "mended", echoScript);
  const copy = await copyOf("mended");
  writeFileSync(copy, "other");
  const { service } = await server.client.updateService({ name: "mended", timeoutMs: 5_000 });
  expect([service.revision, await answer("mended")]).toEqual([2, expect.stringContaining("mended model")]);
  rmSync(copy);
  expect((await server.client.rollBackService({ name: "mended" })).service.revision).toBe(3);
  expect(readFileSync(copy, "utf8")).toBe("mended model");
});

test("when the registry's own bytes are damaged too, an update says so and the service keeps what it has", async () => {
  await deployScript(server, "doubly", echoScript);
  const copy = await copyOf("doubly");
  const digest = sha256("doubly model");
  writeFileSync(copy, "x");
  chmodSync(blob(digest), 0o600);
  writeFileSync(blob(digest), "doubly modem");
  const error = await errorOf(server.client.updateService({ name: "doubly", timeoutMs: 5_000 }));
  expect([error.code, error.message]).toEqual([
    "digest-mismatch",
    expect.stringContaining("model.txt of doubly-model:1"),
  ]);
  rmSync(blob(digest));
  expect((await errorOf(server.client.updateService({ name: "doubly", timeoutMs: 5_000 }))).code).toBe(
    "blob-not-found",
  );
  expect((await server.client.getService({ name: "doubly" })).revision).toBe(1);
  expect(await answer("doubly")).toContain("doubly model");
});

test("registering the same file again mends a damaged blob", async () => {
  const source = join(server.home, "weights.bin");
  writeFileSync(source, "the right bytes");
  const digest = sha256("the right bytes");
  const files = [{ path: "weights.bin", source, digest, size: 15 }];
  await server.client.registerModel({ name: "again", files: await uploadMissing(server.client, files) });
  chmodSync(blob(digest), 0o600);
  writeFileSync(blob(digest), "the wrong bytes");
  const { problems } = await server.client.verifyRegistry({});
  expect(problems.find((one) => one.digest === digest)).toMatchObject({ problem: "damaged", versions: ["again:1"] });
  await server.client.registerModel({ name: "again", files: await uploadMissing(server.client, files) });
  expect(readFileSync(blob(digest), "utf8")).toBe("the right bytes");
});
