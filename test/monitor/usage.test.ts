import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { type InputOf, operations, type ParsedInputOf } from "../../src/contract/operations.ts";
import { compactUsage } from "../../src/monitor/usage/compact-usage.ts";
import { listUnusedModels } from "../../src/monitor/usage/list-unused-models.ts";
import { summariseUsage } from "../../src/monitor/usage/summarise-usage.ts";
import { whoUsesModel } from "../../src/monitor/usage/who-uses-model.ts";
import { context } from "../events/outbox-fixture.ts";
import { type Monitor, openMonitor } from "./monitor-fixture.ts";

const minute = 60_000;
const hour = 60 * minute;
const day = 24 * hour;

let monitor: Monitor;
beforeEach(async () => {
  monitor = await openMonitor();
});
afterEach(() => monitor.close());

const usage = async (input: InputOf<"summariseUsage"> = {}) =>
  (await summariseUsage(monitor.ports)(operations.summariseUsage.input.parse(input), context)).items;

/** Versions registered a year ago, each in an image of its own: `shop:1` in `image-1`. */
async function register(...versions: number[]): Promise<void> {
  const at = monitor.now() - 365 * day;
  await monitor.run(`insert into models (name, last_version, created_at, id) values ('shop', 9, ${at}, 'shop')`);
  for (const version of versions) {
    await monitor.run(
      `insert into versions (name, version, digest, size, created_at, created_by) values ('shop', ${version}, 'd', 1, ${at}, 'a')`,
    );
    await monitor.run(`insert into record_models values ('image-${version}', 'shop:${version}')`);
  }
}

async function deploy(service: string, version: number): Promise<void> {
  const at = monitor.now();
  await monitor.run(
    `insert into images (digest, build_key, input, manifest, log, created_at, created_by) values ('image-${version}', '${version}', '', '{}', '', ${at}, 'a')`,
  );
  await monitor.run(`insert into image_models values ('image-${version}', 'shop', ${version})`);
  await monitor.run(
    `insert into services values ('${service}', 'running', 1, 1, 'image-${version}', '{}', 'p', 's', ${at}, ${at})`,
  );
  await monitor.run(
    `insert into served (id, service, revision, name, version, from_at) values ('${service}', '${service}', 1, 'shop', ${version}, ${at})`,
  );
}

test("requests, rows, bytes and errors by kind add up over batches, and a mirror's copies are none of them", async () => {
  await monitor.use({ rows: 5 }, { status: 400, error: "rows-invalid", rows: 9 }, { mirrored: true });
  await monitor.use({ rows: 2, durationMs: 50 }, { status: 503 }, { status: 400, error: "rows-invalid" });
  expect(await usage()).toMatchObject([
    {
      ...{ service: "shop", requests: 5, rows: 7, errors: 3, bytesIn: 50, bytesOut: 15 },
      errorKinds: { "400 rows-invalid": 2, "503": 1 },
    },
  ]);
});

test("usage is told by service, revision, model version and caller, and of one model", async () => {
  await register(1, 2);
  await monitor.use({ caller: "primary" }, { caller: "t-1" }, { caller: "t-1", revision: 2, image: "image-2" });
  const by = async (input: InputOf<"summariseUsage">) =>
    (await usage(input)).map((one) => [one.service, one.revision, one.model, one.caller, one.requests]);
  expect(await by({})).toEqual([["shop", null, null, null, 3]]);
  expect(await by({ by: "revision" })).toEqual([
    ["shop", 1, null, null, 2],
    ["shop", 2, null, null, 1],
  ]);
  expect(await by({ by: "model" })).toEqual([
    [null, null, "shop:1", null, 2],
    [null, null, "shop:2", null, 1],
  ]);
  expect(await by({ by: "caller" })).toEqual([
    ["shop", null, null, "primary", 1],
    ["shop", null, null, "t-1", 2],
  ]);
  expect(await by({ by: "caller", model: "shop:2" })).toEqual([["shop", null, null, "t-1", 1]]);
  await monitor.deploy("other");
  expect(await by({ service: "other" })).toEqual([]);
});

describe("a series", () => {
  test("has every step up to now, empty ones too, and adds up to the whole", async () => {
    await monitor.use({ at: monitor.now() - 2 * hour }, { at: monitor.now() - 3 * minute }, { status: 500 });
    const [item] = await usage({ every: "1h", since: "4h" });
    expect(item?.series?.map(({ requests, errors, p50Ms }) => [requests, errors, p50Ms === null])).toEqual([
      [0, 0, true],
      [0, 0, true],
      [1, 0, false],
      [1, 0, false],
      [1, 1, false],
    ]);
    expect(item?.series?.at(-1)?.at).toBe(monitor.now());
    expect(item?.requests).toBe(3);
  });

  test("is refused where what is kept is longer than its steps, and where it has too many", async () => {
    await expect(usage({ every: "5m", since: "4d" })).rejects.toThrow(/use 1h/);
    await expect(usage({ every: "1h", since: "91d" })).rejects.toThrow(/use 1d/);
    await monitor.use({});
    await expect(usage({ every: "1h", since: "89d" })).rejects.toThrow(/2137 steps/);
  });
});

test("old usage is added up to hours and days without a request lost, also what comes late", async () => {
  const start = monitor.now();
  await monitor.use(
    ...Array.from({ length: 600 }, (_, index) => ({ at: start + index * minute, durationMs: 1 + (index % 7) })),
  );
  const [before] = await usage({});
  const kept = async () => {
    const { rows } = await monitor.run("select span, count(*) as slots from usage_slots group by span order by span");
    return rows;
  };
  monitor.advance(3 * day + 5 * hour);
  await compactUsage(monitor.ports);
  expect(await kept()).toEqual([
    { span: 1, slots: 300 },
    { span: 60, slots: 5 },
  ]);
  await monitor.use({ at: start + minute });
  monitor.advance(100 * day);
  await compactUsage(monitor.ports);
  expect(await kept()).toEqual([{ span: 1440, slots: 2 }]);
  const [after] = await usage({});
  expect(after).toMatchObject({
    ...before,
    requests: 601,
    rows: 601,
    bytesIn: 6010,
    bytesOut: 1803,
    p50Ms: before?.p50Ms,
  });
});

test("tokens are many: those above some hundred are counted together, and after 90 days all of them", async () => {
  await monitor.use(...Array.from({ length: 250 }, (_, index) => ({ caller: `token:${index}` })), {
    caller: "token:0",
  });
  const callers = async () => (await usage({ by: "caller" })).map(({ caller, requests }) => [caller, requests]);
  expect(await callers()).toHaveLength(201);
  expect(await callers()).toContainEqual(["others", 50]);
  expect(await callers()).toContainEqual(["token:0", 2]);
  monitor.advance(92 * day);
  await compactUsage(monitor.ports);
  expect(await callers()).toEqual([
    ["others", 50],
    ["token", 201],
  ]);
});

test("who uses a model: callers of each revision, and a service that nobody has asked yet", async () => {
  await register(1, 2);
  await monitor.use({ caller: "primary" }, { caller: "t-1" }, { caller: "t-1", status: 500 });
  await deploy("shop", 1);
  await deploy("quiet", 2);
  const who = async (reference: ParsedInputOf<"whoUsesModel">) =>
    (await whoUsesModel(monitor.ports)(reference, context)).items.map((user) => [
      ...[user.model, user.service, user.revision, user.caller, user.serving, user.requests, user.errors],
      user.lastUsedAt !== null,
    ]);
  const expected = [
    ["shop:1", "shop", 1, "primary", true, 1, 0, true],
    ["shop:1", "shop", 1, "t-1", true, 2, 1, true],
    ["shop:2", "quiet", 1, null, true, 0, 0, false],
  ];
  expect((await who({ name: "shop" })).sort()).toEqual(expected);
  expect(await who({ name: "shop", version: 2 })).toEqual(expected.slice(2));
  await expect(who({ name: "nobody" })).rejects.toMatchObject({ code: "model-not-found" });
  await expect(who({ name: "shop", version: 99 })).rejects.toMatchObject({ code: "model-not-found" });
  await expect(who({ name: "shop", alias: "best" })).rejects.toMatchObject({ code: "alias-not-found" });
});

test("unused versions are those without a request for so many days, deployed ones with their services", async () => {
  await register(1, 2, 3, 4);
  await monitor.use({ at: monitor.now() - 31 * day }, { at: monitor.now() - 29 * day, image: "image-2" });
  await deploy("quiet", 3);
  const unused = async (input: InputOf<"listUnusedModels">) => {
    const answer = await listUnusedModels(monitor.ports)(operations.listUnusedModels.input.parse(input), context);
    return answer.items.map(({ version, lastUsedAt, services }) => [version, lastUsedAt === null, services]);
  };
  const [one, three, four] = [
    [1, false, []],
    [3, true, ["quiet"]],
    [4, true, []],
  ];
  expect(await unused({})).toEqual([one, three, four]);
  expect(await unused({ days: 32 })).toEqual([three, four]);
  expect(await unused({ deployed: true })).toEqual([three]);
  expect(await unused({ deployed: "false" as never })).toEqual([one, four]);
  expect(await unused({ days: 366 })).toEqual([]);
  const page = await listUnusedModels(monitor.ports)({ days: 30, pageSize: 1 }, context);
  const next = await listUnusedModels(monitor.ports)(
    { days: 30, pageSize: 10, pageToken: page.nextPageToken ?? "" },
    context,
  );
  expect([...page.items, ...next.items].map(({ version }) => version)).toEqual([1, 3, 4]);
});
