import { execFileSync } from "node:child_process";
import fc from "fast-check";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { ModelyardError } from "../../src/contract/errors.ts";
import { importBundle } from "../../src/flow/bundle/import-bundle.ts";
import type { Manifest } from "../../src/flow/bundle/manifest.ts";
import { sha256 } from "../../src/kernel/hash.ts";
import { startServer, type TestServer } from "../server.ts";
import { bundledVersion, bundleManifest, bundleMembers, inPieces, tarOf } from "./bundle-fixture.ts";

let server: TestServer;
beforeAll(async () => {
  server = await startServer();
});
afterAll(() => server.remove());

const importTo = (name: string, bytes: Uint8Array, more: { moveAliases?: boolean; signal?: AbortSignal } = {}) =>
  importBundle(
    { name: "test.tar", bytes: inPieces(bytes) },
    { name, moveAliases: more.moveAliases ?? false, allowUnsafe: false },
    { client: server.client, tell: () => {}, uploads: { signal: more.signal } },
  );
const bundleOf = (manifest: Manifest) => tarOf(bundleMembers(manifest));
const versionsOf = async (name: string) => (await server.client.listModels({ name, archived: "show" })).items;

test("a version arrives with all that is known of it, and with where it came from", async () => {
  const signature = { inputs: [{ name: "x", type: "double", shape: null }], outputs: null };
  const archived = bundledVersion({
    version: 2,
    aliases: [],
    lineage: { parent: "digits:1" },
    archivedAt: 1,
    signature,
  });
  const result = await importTo("whole", await bundleOf(bundleManifest([archived, bundledVersion()])));
  expect(result).toEqual({
    imported: [
      { reference: "whole:1", origin: "digits:1", external: false },
      { reference: "whole:2", origin: "digits:2", external: false },
    ],
    ...{ standing: [], failed: [], notes: [] },
  });
  const origin = {
    server: "http://elsewhere:5080",
    reference: "digits:1",
    createdAt: 1_764_000_000_000,
    createdBy: "ada",
  };
  const { reference: _, name: __, createdAt: ___, createdBy: ____, updatedAt: _____, ...told } = bundledVersion();
  expect(await server.client.getModel({ name: "whole", alias: "champion" })).toMatchObject({
    ...told,
    lineage: { runId: "r1", origin },
    createdBy: "admin",
  });
  const second = await server.client.getModel({ name: "whole", version: 2 });
  expect(second).toMatchObject({
    signature,
    lineage: { parent: "whole:1", origin: { ...origin, reference: "digits:2", parent: "digits:1" } },
  });
  expect(second.archivedAt).not.toBeNull();
  const [model] = (await server.client.listModelNames({ filter: "name = 'whole'" })).items;
  expect(model).toMatchObject({ description: "Which digit", tags: { owner: "ada" } });
});

test("a second import of a bundle changes nothing and says so, also where the version has another number", async () => {
  await server.client.registerModel({ name: "again", files: [], source: "s3://somewhere" });
  const bytes = await bundleOf(bundleManifest());
  expect((await importTo("again", bytes)).imported).toMatchObject([{ reference: "again:2" }]);
  const { next } = await server.client.listEvents({});
  expect(await importTo("again", bytes)).toMatchObject({
    imported: [],
    standing: [{ reference: "again:2", origin: "digits:1" }],
  });
  expect((await server.client.listEvents({ after: next })).items).toEqual([]);
});

test("what was decided here stays; an alias that another version has is told and moved when that is asked for", async () => {
  await server.client.createModel({ name: "decided", description: "ours", tags: { owner: "us" } });
  await server.client.registerModel({ name: "decided", files: [], source: "s3://ours" });
  await server.client.setAlias({ name: "decided", alias: "champion", version: 1 });
  const bytes = await bundleOf(bundleManifest());
  const { notes } = await importTo("decided", bytes);
  expect(notes).toEqual([
    expect.stringMatching(/^decided@champion stays at version 1; .*model alias decided champion 2/),
  ]);
  await server.client.transitionStage({ name: "decided", version: 2, stage: "Staging" });
  await importTo("decided", bytes, { moveAliases: true });
  expect(await server.client.getModel({ name: "decided", alias: "champion" })).toMatchObject({
    version: 2,
    stage: "Staging",
  });
  const [model] = (await server.client.listModelNames({ filter: "name = 'decided'" })).items;
  expect(model).toMatchObject({ description: "ours", tags: { owner: "us" } });
});

test("a version made here and exported is found to be here", async () => {
  const { digest, size } = await server.client.uploadBlob({}, { body: Buffer.from("first bytes") });
  const mine = await server.client.registerModel({ name: "digits", files: [{ path: "a", digest, size }] });
  const { services: _, reading: __, ...version } = mine;
  const tar = await tarOf(bundleMembers(bundleManifest([version])).slice(0, 2));
  expect(await importTo("digits", tar)).toMatchObject({ imported: [], standing: [{ reference: "digits:1" }] });
});

test("through several servers, the first place of a version is the one that is remembered", async () => {
  const origin = { server: "http://first", reference: "old:9", createdAt: 5, createdBy: null, parent: "old:8" };
  const parent = bundledVersion({
    aliases: [],
    lineage: { origin: { ...origin, reference: "old:8", parent: undefined } },
  });
  const child = bundledVersion({ version: 2, aliases: [], lineage: { origin, parent: "digits:1" } });
  await importTo("travelled", await bundleOf(bundleManifest([parent, child])));
  expect((await server.client.getModel({ name: "travelled", version: 2 })).lineage).toMatchObject({
    parent: "travelled:1",
    origin,
  });
});

test("a pickle that is refused is told; the versions beside it are imported, and it can follow", async () => {
  const script =
    "import pickle,sys,os\nclass E:\n  def __reduce__(self): return (os.system, ('true',))\nsys.stdout.buffer.write(pickle.dumps(E()))";
  const bytes = execFileSync("python3", ["-c", script]);
  const digest = sha256(bytes);
  const bad = bundledVersion({ files: [{ path: "model.pkl", digest, size: bytes.length }], aliases: [] });
  const manifest = bundleManifest([bad, bundledVersion({ version: 2 })]);
  const tar = await tarOf([...bundleMembers(manifest), { name: `blobs/sha256/${digest}`, bytes }]);
  const result = await importTo("mixed", tar);
  expect(result).toMatchObject({
    imported: [{ reference: "mixed:1", origin: "digits:2" }],
    failed: [{ origin: "digits:1", error: { code: "unsafe-pickle" } }],
  });
});

test("an external version arrives with its source and without bytes", async () => {
  const version = bundledVersion({ files: [], source: "s3://bucket/digits", external: true, size: 0, aliases: [] });
  const result = await importTo("far", await tarOf(bundleMembers(bundleManifest([version])).slice(0, 1)));
  expect(result.imported).toEqual([{ reference: "far:1", origin: "digits:1", external: true }]);
  expect(await server.client.getModel({ name: "far" })).toMatchObject({ external: true, source: "s3://bucket/digits" });
});

test("of a damaged bundle no version becomes visible: all of it or nothing", async () => {
  const manifest = bundleManifest([bundledVersion(), bundledVersion({ version: 2, aliases: [] })]);
  const whole = await bundleOf(manifest);
  let count = 0;
  await fc.assert(
    fc.asyncProperty(fc.nat(whole.length - 1), fc.nat(255), fc.boolean(), async (at, byte, cut) => {
      const bytes = cut ? whole.subarray(0, at) : Buffer.from(whole);
      if (!cut) bytes[at] = byte;
      count += 1;
      const name = `damaged-${count}`;
      const outcome = await importTo(name, bytes).catch((error: ModelyardError) => error);
      const versions = await versionsOf(name);
      if (outcome instanceof Error) {
        expect(["bundle-invalid", "digest-mismatch", "unsafe-path"]).toContain((outcome as ModelyardError).code);
        expect(versions).toEqual([]);
      } else expect(versions.map(({ digest }) => digest)).toEqual(manifest.versions.map(({ digest }) => digest));
    }),
    { numRuns: 80 },
  );
});

test("an interrupted import registers nothing, and the next one all", async () => {
  const controller = new AbortController();
  const bytes = await bundleOf(bundleManifest());
  async function* slow() {
    yield* inPieces(bytes.subarray(0, -1500));
    controller.abort();
    yield* inPieces(bytes.subarray(-1500));
  }
  const work = importBundle(
    { name: "test.tar", bytes: slow() },
    { name: "broken-off", moveAliases: false, allowUnsafe: false },
    { client: server.client, tell: () => {}, uploads: { signal: controller.signal } },
  );
  await expect(work).rejects.toThrow();
  expect(await versionsOf("broken-off")).toEqual([]);
  expect((await importTo("broken-off", bytes)).imported).toHaveLength(1);
});
