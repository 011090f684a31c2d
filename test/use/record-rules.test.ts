import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { readAlsoRule, readFieldRule } from "../../src/contract/record-rules.ts";
import { settingsSchema } from "../../src/contract/settings.ts";
import { onnxFixtures } from "../host/engines-fixture.ts";
import { errorOf } from "../refusals.ts";
import { startServer, type TestServer } from "../server.ts";

describe("the text of a rule", () => {
  test.each([
    ["keep", { kind: "keep" }],
    ["drop", { kind: "drop" }],
    ["hmac", { kind: "hmac" }],
    ["mask:0", { kind: "mask", last: 0 }],
    ["mask:4", { kind: "mask", last: 4 }],
    ["bucket:2.5", { kind: "bucket", width: 2.5 }],
    ["bucket:-1,0, 1e3", { kind: "bucket", edges: [-1, 0, 1000] }],
  ])("%s is a rule of a column", (text, rule) => expect(readFieldRule(text)).toEqual(rule));
  test.each([
    "",
    "hash",
    "mask",
    "mask:-1",
    "mask:4:4",
    "bucket",
    "bucket:0",
    "bucket:-1",
    "bucket:2,1",
    "bucket:1,x",
    "drop:1",
  ])("%j is none of a column", (text) => expect(readFieldRule(text)).toBeUndefined());
  test.each([
    ["errors", { kind: "errors" }],
    ["low-confidence:0.6", { kind: "low-confidence", below: 0.6, column: null }],
    ["low-confidence:.5:a:b", { kind: "low-confidence", below: 0.5, column: "a:b" }],
  ])("%s says what is kept besides", (text, rule) => expect(readAlsoRule(text)).toEqual(rule));
  test.each([
    "",
    "error",
    "low-confidence",
    "low-confidence:",
    "low-confidence:high",
    "low-confidence:0.5:",
  ])("%j does not", (text) => expect(readAlsoRule(text)).toBeUndefined());
});

describe("a service with rules", () => {
  let server: TestServer;
  beforeAll(async () => {
    server = await startServer();
  });
  afterAll(() => server.remove());

  async function register(name: string, more: object = {}): Promise<string> {
    const file = "digits-float32.onnx";
    const { digest, size } = await server.client.uploadBlob({}, { body: readFileSync(join(onnxFixtures, file)) });
    return (await server.client.registerModel({ name, files: [{ path: file, digest, size }], ...more })).reference;
  }
  const wanted = () =>
    JSON.parse(readFileSync(join(server.home, "host", "wanted.json"), "utf8")) as {
      services: { name: string; record: unknown }[];
    };
  const signature = {
    inputs: Array.from({ length: 64 }, (_, place) => ({ name: `p${place}`, type: "float" })),
    outputs: [{ name: "label", type: "long" }],
  };

  test("is told to the host with what the model marks as personal data, and shown", async () => {
    const models = [await register("marked", { signature, pii: ["p3", "p5", "label"] })];
    const recordFields = { x5: "keep", x7: "bucket:4", x8: "hmac" };
    await server.client.deployService({
      name: "marked",
      models,
      record: "sample:0.5",
      recordAlso: ["errors"],
      recordFields,
    });
    expect(wanted().services[0]?.record).toMatchObject({
      rate: 0.5,
      also: [{ kind: "errors" }],
      fields: { label: { kind: "drop" }, x3: { kind: "drop" }, x7: { kind: "bucket", width: 4 }, x8: { kind: "hmac" } },
    });
    const rules = await server.client.getRecordRules({ name: "marked" });
    expect(rules).toMatchObject({ record: "sample:0.5", also: ["errors"], written: "redacted" });
    expect(rules.columns.map(({ column, rule, from }) => [column, rule, from])).toEqual([
      ["label", "drop", "signature"],
      ["x3", "drop", "signature"],
      ["x5", "keep", "service"],
      ["x7", "bucket:4", "service"],
      ["x8", "hmac", "service"],
    ]);
    expect((await server.client.getService({ name: "marked" })).recordColumns).toMatchObject({
      x3: "drop",
      x5: "keep",
    });
  });

  test("without rules is told nothing of them, and its requests are written as they were sent", async () => {
    await server.client.deployService({ name: "plain", models: [await register("plain")] });
    const plain = wanted().services.find(({ name }) => name === "plain");
    expect(plain?.record).toEqual({ rate: 1, maxBytes: 65536 });
    expect(await server.client.getRecordRules({ name: "plain" })).toMatchObject({ written: "as-sent", columns: [] });
  });

  test("is refused with every rule for a column that cannot come, before anything is changed", async () => {
    const models = [await register("refused")];
    const bad = {
      recordFields: { x64: "drop", "score.1": "drop", prediction: "keep" },
      recordAlso: ["low-confidence:0.5:x1"],
    };
    const error = await errorOf(server.client.deployService({ name: "refused", models, ...bad }));
    expect(error.code).toBe("invalid-input");
    expect(error.message).toContain("there is no column x64; refused:1 takes x0, x1");
    expect(error.message).toContain("recordAlso: refused:1 answers no column x1");
    expect(error.message).not.toContain("score.1");
    await server.client.deployService({ name: "refused", models });
    expect((await errorOf(server.client.updateService({ name: "refused", ...bad }))).code).toBe("invalid-input");
    expect((await server.client.getService({ name: "refused" })).revision).toBe(1);
  });

  test("is refused with scores below more than 1, which all are, but not with another column's numbers", async () => {
    const models = [await register("sure", { signature })];
    const deploy = (rule: string) => server.client.deployService({ name: "sure", models, recordAlso: [rule] });
    expect((await errorOf(deploy("low-confidence:2"))).message).toContain("low-confidence:2 takes every answer");
    await deploy("low-confidence:2:label");
    const change = server.client.updateService({ name: "sure", recordAlso: ["low-confidence:1.5"] });
    expect((await errorOf(change)).code).toBe("invalid-input");
  });

  test("is not changed by the same share, written otherwise", async () => {
    const { name } = await server.client.deployService({
      name: "shared",
      models: [await register("shared")],
      record: "sample:0.3",
    });
    const again = await server.client.updateService({ name, record: "sample:0.30" });
    expect([again.changed, again.service.settings.record]).toEqual([false, "sample:0.3"]);
    const written = (record: string) => settingsSchema.parse({ record }).record;
    expect(["sample:1.00", "sample:0.0", "sample:0.050", "sample:0.10", "sample:0", "all"].map(written)).toEqual([
      ...["sample:1", "sample:0", "sample:0.05", "sample:0.1", "sample:0", "all"],
    ]);
  });

  test("is refused with what can be said when a rule is none", async () => {
    const error = await errorOf(
      server.client.deployService({
        name: "odd",
        models: ["plain"],
        recordFields: { x1: "hash" },
        recordAlso: ["all"],
      }),
    );
    expect(error.message).toContain("keep, drop, hmac, mask:4");
    expect(error.message).toContain("low-confidence:0.6");
  });

  test("is refused by --dry-run as it would be without", async () => {
    const asked = { name: "plain", recordFields: { x64: "drop" }, dryRun: true };
    expect((await errorOf(server.client.updateService(asked))).message).toContain("there is no column x64");
  });

  test("tells in its history how rules changed", async () => {
    await server.client.updateService({ name: "plain", recordFields: { x1: "drop", x0: "mask:2" } });
    const { items } = await server.client.getServiceHistory({ name: "plain" });
    expect(items[0]?.differences).toEqual([{ what: "recordFields", from: "", to: "x0=mask:2 x1=drop" }]);
  });

  test("a column that the signature does not have cannot be marked", async () => {
    const unknown = await errorOf(register("unknown", { signature, pii: ["email"] }));
    expect(unknown.message).toContain("there is no column email; the model has p0, p1");
    const nameless = await errorOf(register("nameless", { signature: { inputs: [] }, pii: ["email"] }));
    expect(nameless.message).toContain("--record-field email=drop");
  });
});
