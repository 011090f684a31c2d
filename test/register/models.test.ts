import { execFileSync } from "node:child_process";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type Client, makeClient } from "../../src/client/client.ts";
import type { ModelyardError } from "../../src/contract/errors.ts";
import { sha256 } from "../../src/kernel/hash.ts";
import { codeOf } from "../refusals.ts";
import { startServer, type TestServer } from "../server.ts";

let server: TestServer;
let contributor: Client;
beforeAll(async () => {
  server = await startServer();
  const { token } = await server.client.createToken({ role: "contributor", name: "carol" });
  contributor = makeClient({ url: server.url, token, fetch });
});
afterAll(() => server.remove());

async function register(name: string, text = `${name} ${Math.random()}`, more: object = {}) {
  const { digest, size } = await server.client.uploadBlob({}, { body: Buffer.from(text) });
  return server.client.registerModel({ name, files: [{ path: "model.bin", digest, size }], ...more });
}
const actions = async (name: string) =>
  (await server.client.getModelHistory({ name })).items.map(({ action, version }) => [action, version]);

test("a model can be made before its versions, once, with a description and tags that change", async () => {
  const made = await server.client.createModel({ name: "early", description: "first words", tags: { team: "a" } });
  expect(made).toMatchObject({ name: "early", description: "first words", tags: { team: "a" }, latestVersion: null });
  expect(await codeOf(server.client.createModel({ name: "early" }))).toBe("model-exists");
  expect(await codeOf(server.client.getModel({ name: "early" }))).toBe("model-empty");
  expect((await register("early")).version).toBe(1);
  const changed = await server.client.updateModel({
    name: "early",
    description: null,
    tags: { b: "2" },
    removeTags: ["team"],
  });
  expect(changed).toMatchObject({ description: null, tags: { b: "2" }, latestVersion: 1 });
  expect(await codeOf(server.client.updateModel({ name: "nobody" }))).toBe("model-not-found");
});

test("an alias moves in one step, leads to its version, and its reserved names are refused", async () => {
  await register("moving");
  await register("moving");
  expect(await server.client.setAlias({ name: "moving", alias: "champion", version: 1 })).toMatchObject({
    before: null,
  });
  expect(await server.client.setAlias({ name: "moving", alias: "champion", version: 2 })).toMatchObject({ before: 1 });
  expect((await server.client.getModel({ name: "moving", alias: "champion" })).version).toBe(2);
  expect((await server.client.getModel({ name: "moving", version: 2 })).aliases).toEqual(["champion"]);
  expect(await codeOf(server.client.getModel({ name: "moving", alias: "nobody" }))).toBe("alias-not-found");
  expect(await codeOf(server.client.setAlias({ name: "moving", alias: "champion", version: 9 }))).toBe(
    "model-not-found",
  );
  for (const alias of ["latest", "LATEST", "v3", "a b", "a.b", "x".repeat(256)])
    expect(await codeOf(server.client.setAlias({ name: "moving", alias, version: 1 })), alias).toBe("invalid-input");
  await server.client.deleteAlias({ name: "moving", alias: "champion" });
  expect(await codeOf(server.client.deleteAlias({ name: "moving", alias: "champion" }))).toBe("alias-not-found");
  await server.client.setAlias({ name: "moving", alias: "old", version: 1 });
  await server.client.deleteModel({ name: "moving", version: 1 });
  expect(await codeOf(server.client.getModel({ name: "moving", alias: "old" }))).toBe("alias-not-found");
});

test("a protected alias is moved, removed and unprotected by admin alone, and holds its version", async () => {
  await register("held");
  await register("held");
  await server.client.setAlias({ name: "held", alias: "live", version: 1, protect: true });
  expect(await codeOf(contributor.setAlias({ name: "held", alias: "live", version: 2 }))).toBe("alias-protected");
  expect(await codeOf(contributor.deleteAlias({ name: "held", alias: "live" }))).toBe("alias-protected");
  expect(await codeOf(contributor.deleteModel({ name: "held", version: 1 }))).toBe("alias-protected");
  expect(await codeOf(contributor.deleteWholeModel({ name: "held" }))).toBe("alias-protected");
  expect(await codeOf(contributor.setAlias({ name: "held", alias: "mine", version: 1, protect: true }))).toBe(
    "forbidden",
  );
  expect(await server.client.setAlias({ name: "held", alias: "live", version: 2 })).toMatchObject({ protected: true });
  await server.client.setAlias({ name: "held", alias: "live", version: 2, protect: false });
  expect(await contributor.setAlias({ name: "held", alias: "live", version: 1 })).toMatchObject({ before: 2 });
});

test("a rename takes versions, tags, aliases and history along, and never lets a name mean another model's versions", async () => {
  await register("before", "bytes", { tags: { a: "b" }, metrics: { accuracy: 0.5 }, lineage: { runId: "r1" } });
  await server.client.setAlias({ name: "before", alias: "champion", version: 1 });
  await server.client.updateModel({ name: "before", tags: { owner: "x" } });
  const renamed = await server.client.renameModel({ name: "before", newName: "after" });
  expect(renamed).toMatchObject({ name: "after", tags: { owner: "x" }, aliases: [{ alias: "champion", version: 1 }] });
  const version = await server.client.getModel({ name: "after", alias: "champion" });
  expect(version).toMatchObject({
    reference: "after:1",
    tags: { a: "b" },
    metrics: { accuracy: 0.5 },
    lineage: { runId: "r1" },
  });
  expect(version.files).toHaveLength(1);
  expect(await codeOf(server.client.getModel({ name: "before" }))).toBe("model-not-found");
  expect(await actions("after")).toContainEqual(["version.created", 1]);
  // a new model under the old name counts on, and may not be overwritten
  expect((await register("before")).version).toBe(2);
  expect(await codeOf(server.client.renameModel({ name: "after", newName: "before" }))).toBe("model-exists");
  await server.client.deleteWholeModel({ name: "before" });
  expect(await codeOf(server.client.renameModel({ name: "after", newName: "before" }))).toBe("model-name-used");
  expect(await codeOf(server.client.renameModel({ name: "nobody", newName: "x" }))).toBe("model-not-found");
  // back to a name of its own
  await server.client.renameModel({ name: "after", newName: "later" });
  await server.client.renameModel({ name: "later", newName: "after" });
  expect((await register("after")).version).toBe(2);
});

test("a deleted model is gone with all that belongs to it, and its numbers are not given again", async () => {
  await register("gone", "a", { tags: { a: "b" } });
  await register("gone");
  await server.client.updateModel({ name: "gone", description: "text", tags: { c: "d" } });
  expect((await server.client.deleteWholeModel({ name: "gone" })).deletedVersions).toEqual(["gone:1", "gone:2"]);
  expect(await codeOf(server.client.getModel({ name: "gone" }))).toBe("model-not-found");
  expect((await register("gone")).version).toBe(3);
  const [model] = (await server.client.listModelNames({ filter: "name = 'gone'" })).items;
  expect(model).toMatchObject({ description: null, tags: {}, aliases: [] });
  expect((await actions("gone")).map(([action]) => action)).toContain("model.deleted");
});

test("an archived version is hidden, is not the highest, and comes back", async () => {
  await register("shelf");
  await register("shelf");
  await server.client.archiveVersion({ name: "shelf", version: 2 });
  const list = async (more: object = {}) =>
    (await server.client.listModels({ name: "shelf", ...more })).items.map((item) => item.version);
  expect(await list()).toEqual([1]);
  expect(await list({ archived: "show" })).toEqual([2, 1]);
  expect(await list({ archived: "only" })).toEqual([2]);
  expect((await server.client.getModel({ name: "shelf" })).version).toBe(1);
  expect((await server.client.getModel({ name: "shelf", version: 2 })).archivedAt).not.toBeNull();
  expect(await codeOf(server.client.buildImage({ models: ["shelf:2"] }))).toBe("version-archived");
  expect((await server.client.restoreVersion({ name: "shelf", version: 2 })).archivedAt).toBeNull();
  expect(await list()).toEqual([2, 1]);
});

test("however many ask at once, archiveExisting leaves exactly one version in Production", async () => {
  for (let index = 0; index < 8; index += 1) await register("stages", `s${index}`);
  await Promise.all(
    Array.from({ length: 40 }, (_, index) =>
      server.client.transitionStage({
        name: "stages",
        version: (index % 8) + 1,
        stage: "Production",
        archiveExisting: true,
      }),
    ),
  );
  expect((await server.client.listModels({ filter: "stage = 'Production' AND name = 'stages'" })).items).toHaveLength(
    1,
  );
  const refused = server.client.transitionStage({ name: "stages", version: 1, stage: "None", archiveExisting: true });
  expect(await codeOf(refused)).toBe("invalid-input");
});

test("the history names every change with who and what, is never rewritten, and its pages join", async () => {
  await register("told", "told", { tags: { a: "b" } });
  await server.client.tagModel({ name: "told", version: 1, tags: { a: "c" }, removeTags: ["a"], description: "text" });
  await server.client.setAlias({ name: "told", alias: "champion", version: 1 });
  await server.client.transitionStage({ name: "told", version: 1, stage: "Staging" });
  await contributor.deleteAlias({ name: "told", alias: "champion" });
  expect((await actions("told")).reverse()).toEqual([
    ["model.created", null],
    ["version.created", 1],
    ["version.tag.removed", 1],
    ["version.tag.set", 1],
    ["version.updated", 1],
    ["alias.set", null],
    ["version.stage.changed", 1],
    ["alias.removed", null],
  ]);
  const first = await server.client.getModelHistory({ name: "told", pageSize: 3 });
  expect(first.items[0]).toMatchObject({ by: "carol", detail: { alias: "champion", version: 1 } });
  const second = await server.client.getModelHistory({
    name: "told",
    pageSize: 5,
    pageToken: first.nextPageToken ?? "",
  });
  expect([...first.items, ...second.items]).toHaveLength(8);
  expect(await codeOf(server.client.getModelHistory({ name: "never" }))).toBe("model-not-found");
});

test("metrics, lineage, signature and sample are kept, and a metric that is no number is refused", async () => {
  const given = {
    metrics: { accuracy: 0.97, loss: 1e-3 },
    lineage: { gitCommit: "abc", gitRemote: "https://git.example/a.git", trainingData: "sha256:1", parent: "rich:1" },
    signature: { inputs: [{ name: "x", type: "double", shape: [null, 3] }], outputs: null },
    sample: { input: "[1]", output: "[2]" },
    source: "s3://bucket/model",
  };
  expect(await register("rich", "rich", given)).toMatchObject({ ...given, external: false });
  expect(await server.client.getModel({ name: "rich" })).toMatchObject(given);
  expect(await codeOf(register("rich", "rich", { metrics: { accuracy: "high" } }))).toBe("invalid-input");
  const found = await server.client.listModels({
    filter: "metrics.accuracy > 0.9 AND metrics.loss <= 0.001",
    total: true,
  });
  expect(found).toMatchObject({ items: [{ reference: "rich:1" }], total: 1 });
});

test("a version whose bytes stay at their source is shown as external and not deployed", async () => {
  const version = await server.client.registerModel({ name: "far", files: [], source: "s3://bucket/far" });
  expect(version).toMatchObject({ external: true, source: "s3://bucket/far", files: [] });
  expect(await codeOf(server.client.buildImage({ models: ["far"] }))).toBe("version-external");
  expect(await codeOf(server.client.registerModel({ name: "far", files: [] }))).toBe("invalid-input");
});

test("a filter that cannot be read is told with its place", async () => {
  const error = await server.client.listModels({ filter: "nmae = 'x'" }).catch((cause: ModelyardError) => cause);
  expect(error).toMatchObject({
    code: "invalid-input",
    message: expect.stringMatching(/character 1: nmae is not one of/),
  });
});

test("verify reads all bytes again and names what a damaged or missing file touches", async () => {
  const before = await server.client.verifyRegistry({});
  expect(before.problems).toEqual([]);
  expect(before.blobs).toBeGreaterThan(5);
  await register("whole", "will be damaged");
  await register("whole", "will be missing");
  const place = (text: string) => join(server.home, "blobs", "sha256", sha256(text).slice(0, 2), sha256(text));
  execFileSync("sh", [
    "-c",
    'chmod u+w "$0" && printf X | dd of="$0" bs=1 conv=notrunc 2>/dev/null',
    place("will be damaged"),
  ]);
  execFileSync("rm", ["-f", place("will be missing")]);
  const { problems } = await server.client.verifyRegistry({});
  const shown = problems.map(({ problem, versions }) => [problem, ...versions]).sort();
  expect(shown).toEqual([
    ["damaged", "whole:1"],
    ["missing", "whole:2"],
  ]);
  await server.client.uploadBlob({}, { body: Buffer.from("will be damaged") });
  await server.client.uploadBlob({}, { body: Buffer.from("will be missing") });
  expect((await server.client.verifyRegistry({})).problems).toEqual([]);
});
