import fc from "fast-check";
import { expect, it } from "vitest";
import type { SpooledHead } from "../../src/contract/host.ts";
import type { Db } from "../../src/kernel/db.ts";
import { findFresh, freshAfter, freshOfIds, newestFresh } from "../../src/monitor/collect/fresh-records.ts";
import { matches } from "../../src/monitor/collect/matches.ts";
import { removeOfId, removeSpan } from "../../src/monitor/collect/remove-packed.ts";
import { countPacked, idsInPacks } from "../../src/monitor/collect/rows/packs.ts";
import type { RecordFilter, StoredRecord } from "../../src/monitor/collect/rows/records.ts";
import { keepRecords } from "../spooled.ts";
import { openTiers } from "./tiers-fixture.ts";

const traces = ["0af7651916cd43dd8448eb211c80319c", "00000000000000000000000000000001"];
const service = fc.constantFrom("shop", "bank", "shop-2");
const id = fc.constantFrom("a", "b", "c", "d", 'an "e" é', ...traces);
const optional = <Value>(value: fc.Arbitrary<Value>) => fc.option(value, { nil: undefined });

/** What hosts spool in one go. */
const batch = fc.array(
  fc.record({
    ...{ id, service, revision: fc.constantFrom(1, 2), image: fc.constantFrom("image", "other") },
    ...{ at: fc.integer({ min: 0, max: 99 }), status: fc.constantFrom(200, 404, 500, 503) },
    ...{ correlationId: optional(id), traceId: optional(fc.constantFrom(...traces)), mirrored: optional(fc.boolean()) },
    ...{
      durationMs: fc.double({ min: 0, max: 1e4, noNaN: true }),
      outOfSample: optional(fc.boolean()),
      weight: optional(fc.constantFrom(1, 10)),
    },
    ...{ body: fc.string({ maxLength: 5 }), answer: fc.string({ maxLength: 5 }) },
  }),
  { minLength: 1, maxLength: 12 },
);

const filter: fc.Arbitrary<RecordFilter> = fc.record({
  ...{ id: optional(id), service: optional(service), revision: optional(fc.constantFrom(1, 2)) },
  ...{ sinceMs: optional(fc.integer({ min: 0, max: 99 })), untilMs: optional(fc.integer({ min: 0, max: 99 })) },
  ...{ status: optional(fc.constantFrom("200", "4xx", "5xx", "503")) },
  ...{ traceId: optional(fc.constantFrom(...traces)), correlationId: optional(id) },
  model: optional(fc.constantFrom({ name: "shop", version: 1 }, { name: "shop", version: undefined })),
});

type Given = typeof batch extends fc.Arbitrary<(infer One)[]> ? One : never;

function entryOf({ body: text, answer: told, ...more }: Given) {
  const [body, answer] = [Buffer.from(text), Buffer.from(told)];
  const sizes = { bodyBytes: body.length, answerBytes: answer.length, bodySize: body.length + 1, answerSize: 7 };
  const types = { contentType: "application/json", answerType: null, models: [], kept: true };
  return { head: { ...more, ...sizes, ...types } as SpooledHead, body, answer };
}

/** The same as a list. */
const storedOf = (given: Given, sequence: number): StoredRecord => ({
  ...{ sequence, id: given.id, service: given.service, revision: given.revision, image: given.image, at: given.at },
  ...{ duration_ms: given.durationMs, status: given.status, weight: given.weight ?? 1 },
  out_of_sample: given.outOfSample === true ? 1 : 0,
  ...{ body: new Uint8Array(Buffer.from(given.body)), answer: new Uint8Array(Buffer.from(given.answer)) },
  ...{ body_size: Buffer.byteLength(given.body) + 1, answer_size: 7, content_type: "application/json" },
  ...{ answer_type: null, trace_id: given.traceId ?? null, mirrored: given.mirrored === true ? 1 : 0 },
  ...{ language: null, body_json_bytes: null, answer_json_bytes: null, caller: null },
  ...{ correlation_id: given.correlationId ?? null, models: given.image === "image" ? ["shop:1"] : [] },
});

const step = fc.oneof(
  fc.record({ kind: fc.constant("keep" as const), batch, batchBytes: fc.constantFrom(1, 1000, undefined) }),
  fc.record({ kind: fc.constant("erase" as const), id, service: optional(service) }),
  fc.record({
    ...{ kind: fc.constant("move" as const), service, revision: fc.constantFrom(1, 2) },
    ...{
      firstSequence: fc.nat(20),
      count: fc.nat(20),
      sinceMs: fc.nat(50),
      untilMs: fc.integer({ min: 50, max: 100 }),
    },
  }),
);

type Step = typeof step extends fc.Arbitrary<infer One> ? One : never;

/** What a step that removes takes away. */
function goes(one: Exclude<Step, { kind: "keep" }>, record: StoredRecord): boolean {
  const { id, correlation_id, service, revision, sequence, at } = record;
  if (one.service !== undefined && service !== one.service) return false;
  if (one.kind === "erase") return id === one.id || correlation_id === one.id;
  const isBetween = sequence >= one.firstSequence && sequence <= one.firstSequence + one.count;
  return revision === one.revision && isBetween && at >= one.sinceMs && at < one.untilMs;
}

/** Does a step in the database and in the list; gives the list. */
async function perform(db: Db, list: StoredRecord[], one: Step, taken: number): Promise<StoredRecord[]> {
  if (one.kind === "keep") {
    await db.transaction((tx) => keepRecords(tx, one.batch.map(entryOf), one.batchBytes));
    return [...list, ...one.batch.map((given, place) => storedOf(given, taken + 1 + place))];
  }
  const gone = list.filter((record) => goes(one, record));
  if (one.kind === "erase") {
    const erased = await db.transaction((tx) => removeOfId(tx, one.id, one.service));
    expect(erased.map(({ sequence }) => sequence).sort((a, b) => a - b)).toEqual(gone.map(({ sequence }) => sequence));
  } else {
    const span = { ...one, lastSequence: one.firstSequence + one.count };
    expect(await db.transaction((tx) => removeSpan(tx, span))).toBe(gone.length);
  }
  return list.filter((record) => !gone.includes(record));
}

async function compare(db: Db, list: readonly StoredRecord[], filters: readonly RecordFilter[]): Promise<void> {
  expect(await countPacked(db)).toBe(list.length);
  for (const filter of filters) {
    const found = list.filter((record) => matches(record, filter));
    expect(await freshAfter(db, filter, 0, 1000)).toEqual(found);
    const [place, limit] = [found[Math.floor(found.length / 2)]?.sequence ?? 3, 3];
    const [after, before] = [found.filter((one) => one.sequence > place), found.filter((one) => one.sequence < place)];
    const page = await freshAfter(db, filter, place, limit);
    expect(page).toEqual(after.slice(0, page.length));
    expect(page.length).toBeGreaterThanOrEqual(Math.min(limit, after.length));
    expect(await newestFresh(db, filter, limit, place)).toEqual(before.reverse().slice(0, limit));
  }
  for (const id of ["a", "d", ...traces]) {
    const newest = list.findLast((record) => record.id === id && record.mirrored === 0);
    expect(await findFresh(db, id, false)).toEqual(newest);
    const called = list.filter((one) => one.service === "shop" && [one.id, one.correlation_id].includes(id));
    const ofIds = await freshOfIds(db, "shop", [id, "nobody"]);
    expect(ofIds.map(({ sequence }) => sequence).sort((a, b) => a - b)).toEqual(called.map((one) => one.sequence));
    expect([...(await idsInPacks(db, "shop", [id, "nobody"]))]).toEqual(called.length === 0 ? [] : [id]);
  }
}

it("records in packs are those of a plain list, whatever was kept, erased, moved and asked for", async () => {
  const steps = fc.array(step, { minLength: 1, maxLength: 8 });
  await fc.assert(
    fc.asyncProperty(steps, fc.array(filter, { minLength: 5, maxLength: 9 }), async (given, filters) => {
      const { ports, close } = await openTiers();
      try {
        let list: StoredRecord[] = [];
        let taken = 0;
        for (const one of given) {
          list = await perform(ports.db, list, one, taken);
          if (one.kind === "keep") taken += one.batch.length;
        }
        await compare(ports.db, list, filters);
        // nothing is left of what is gone
        for (const { service, revision } of [...list])
          await ports.db.transaction((tx) => removeSpan(tx, { ...everything, service, revision }));
        for (const table of ["record_packs", "packed_ids"] as const)
          expect(await ports.db.tables<Record<typeof table, object>>().selectFrom(table).selectAll().execute()).toEqual(
            [],
          );
      } finally {
        await close();
      }
    }),
    { numRuns: 20 },
  );
});

const everything = { firstSequence: 0, lastSequence: 1e9, sinceMs: 0, untilMs: 1e9 };
