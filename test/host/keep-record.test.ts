import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { RecordingRule, SpooledHead } from "../../src/contract/host.ts";
import { makeRecorder } from "../../src/host/keep-record.ts";
import type { Exchange } from "../../src/host/record.ts";
import { sumsRevision } from "./host-fixture.ts";

const exchange = (more: Partial<Exchange> = {}): Exchange => {
  const [body, answer] = [Buffer.from('{"data": [[1, 2, 3]]}'), Buffer.from("[6]")];
  return {
    ...{ id: "a", service: "shop", revision: sumsRevision(), at: 1, durationMs: 1, status: 200, rows: 1 },
    ...{ body, bodySize: body.length, answer, answerSize: answer.length, traceId: null, mirrored: false },
    ...{ contentType: "application/json", answerType: "application/json", language: "azure" },
    ...{ bodyJson: undefined, answerJson: undefined, correlationId: undefined, caller: undefined },
    sampleId: more.id ?? "a",
    ...more,
  };
};
const keeps = (rule: Partial<RecordingRule>, one: Exchange) =>
  (makeRecorder({ rate: 1, maxBytes: 1000, ...rule }, null).record(one).entry.head as SpooledHead).kept;

describe("the sample", () => {
  test("is the same for every request that its client calls the same, whatever its own id", () => {
    const rule = { rate: 0.5 };
    fc.assert(
      fc.property(fc.string(), fc.string(), fc.string(), (sampleId, a, b) => {
        const [first, second] = [a, b].map((id) => keeps(rule, exchange({ id, sampleId })));
        return first === second && first === keeps(rule, exchange({ id: sampleId }));
      }),
    );
  });

  test("has its share of many ids", () => {
    const ids = Array.from({ length: 10_000 }, (_, number) => `request-${number}`);
    const kept = ids.filter((id) => keeps({ rate: 0.1 }, exchange({ id })));
    expect(kept.length / ids.length).toBeCloseTo(0.1, 1);
  });
});

describe("what a kept request stands for", () => {
  const weightOf = (rule: Partial<RecordingRule>, one: Exchange) => {
    const { kept, weight = 1 } = makeRecorder({ rate: 1, maxBytes: 1000, ...rule }, null).record(one).entry
      .head as SpooledHead;
    return kept ? weight : null;
  };
  const ids = Array.from({ length: 20_000 }, (_, number) => `request-${number}`);

  test("is one over the share of the sample, so that all that are kept stand for all there were", () => {
    for (const rule of [{ rate: 0.1 }, { rate: 0.1, fields: { x1: { kind: "drop" } } }] as Partial<RecordingRule>[]) {
      const total = ids.reduce((sum, id) => sum + (weightOf(rule, exchange({ id })) ?? 0), 0);
      expect(total / ids.length).toBeCloseTo(1, 1);
    }
    expect(weightOf({}, exchange())).toBe(1);
  });

  test("is itself alone where a rule keeps it in any case, whether it is in the sample or not", () => {
    const also: RecordingRule["also"] = [
      { kind: "errors" },
      { kind: "low-confidence", below: 10, column: "prediction" },
    ];
    for (const one of [{ status: 500 }, {}])
      for (const id of ids.slice(0, 50)) expect(weightOf({ rate: 0.1, also }, exchange({ id, ...one }))).toBe(1);
  });

  test("is said of what is not in the sample, so that it can be counted without", () => {
    const also: RecordingRule["also"] = [{ kind: "errors" }];
    for (const fields of [undefined, { x1: { kind: "drop" } }] as RecordingRule["fields"][]) {
      const rule = { rate: 0.1, also, ...(fields === undefined ? {} : { fields }) };
      const headOf = (id: string, status: number) =>
        makeRecorder({ maxBytes: 1000, ...rule }, null).record(exchange({ id, status })).entry.head as SpooledHead;
      for (const id of ids.slice(0, 100)) {
        const { kept } = headOf(id, 200);
        expect(headOf(id, 200).outOfSample).toBeUndefined();
        expect(headOf(id, 500)).toMatchObject({ kept: true });
        expect(headOf(id, 500).outOfSample === true).toBe(!kept);
      }
    }
  });
});

test("without rules for columns what was sent is written as it is, also when its answer decides whether", () => {
  const also: RecordingRule["also"] = [{ kind: "low-confidence", below: 10, column: "prediction" }];
  for (const rule of [{}, { rate: 0, also }] as Partial<RecordingRule>[]) {
    const one = exchange();
    const { entry, lost } = makeRecorder({ rate: 1, maxBytes: 1000, ...rule }, null).record(one);
    expect([entry.head, lost]).toEqual([expect.objectContaining({ kept: true }), undefined]);
    expect([String(entry.body), String(entry.answer)]).toEqual([String(one.body), String(one.answer)]);
    expect(entry.body.buffer).toBe(one.body.buffer);
  }
});

describe("of a service with rules for columns", () => {
  const fields: RecordingRule["fields"] = { x1: { kind: "drop" } };
  const record = (more: Partial<Exchange>, rule: Partial<RecordingRule> = {}) =>
    makeRecorder({ rate: 1, maxBytes: 1000, fields, ...rule }, null).record(exchange(more));

  test("a request that no revision took is not kept", () => {
    expect(record({ revision: null, status: 503 })).toMatchObject({
      lost: "not-redactable",
      entry: { head: { kept: false } },
    });
  });

  test("more bytes than are read at a time are not kept", () => {
    const body = Buffer.from(`{"data": [${"[1,2,3],".repeat(200_000)}[1,2,3]]}`);
    expect(record({ body, bodySize: body.length })).toMatchObject({ lost: "not-redactable" });
  });

  test("what is made of a request is cut where it is too long, as other bodies are", () => {
    const { entry } = record({}, { maxBytes: 5 });
    expect([String(entry.body), entry.head]).toEqual([
      '{"dat',
      expect.objectContaining({ bodyBytes: 5, bodySize: 21 }),
    ]);
  });

  test("outside the sample nothing is read, and nothing is lost", () => {
    const { entry, lost } = record({ body: Buffer.from("no JSON") }, { rate: 0 });
    expect([entry.head, entry.body.length, lost]).toEqual([expect.objectContaining({ kept: false }), 0, undefined]);
  });
});
