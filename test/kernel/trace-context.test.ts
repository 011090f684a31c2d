import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { uuid7 } from "../../src/kernel/ids.ts";
import {
  incomingTrace,
  newTrace,
  ownTraceId,
  traceHeaders,
  traceIdToKeep,
  uuidOfTrace,
} from "../../src/kernel/trace-context.ts";

const traceId = "0af7651916cd43dd8448eb211c80319c";
const traceparent = `00-${traceId}-b7ad6b7169203331-01`;

describe("a trace that a caller names", () => {
  it("goes on as it came", () => {
    const trace = incomingTrace({ traceparent, tracestate: "rojo=00f067aa0ba902b7, congo@2=t61rcWkgMzE" });
    expect(trace).toEqual({ traceId, traceparent, tracestate: "rojo=00f067aa0ba902b7, congo@2=t61rcWkgMzE" });
    expect(trace && traceHeaders(trace)).toEqual({ traceparent, tracestate: trace?.tracestate });
  });

  it.each([
    "",
    traceId,
    traceparent.toUpperCase(),
    `ff-${traceId}-b7ad6b7169203331-01`,
    `00-${"0".repeat(32)}-b7ad6b7169203331-01`,
    `00-${traceId}-${"0".repeat(16)}-01`,
    `00-${traceId}-b7ad6b7169203331-01-more`,
    `00-${traceId}-b7ad6b7169203331-1`,
    `0-${traceId}-b7ad6b7169203331-01`,
    `${traceparent}, ${traceparent}`,
    ` ${traceparent}`,
    `01-${traceId}-b7ad6b7169203331-01x`,
  ])("as %j counts as none, with its state", (wrong) => {
    expect(incomingTrace({ traceparent: wrong, tracestate: "a=b" })).toBeUndefined();
  });

  it("of a later version is understood as far as this one goes", () => {
    const later = `cc-${traceId}-b7ad6b7169203331-01-what-the-future-adds`;
    expect(incomingTrace({ traceparent: later })).toEqual({ traceId, traceparent: later, tracestate: undefined });
  });

  it.each([
    "=",
    "a",
    "a=ä",
    `${"a=b,".repeat(32)}c=d`,
    "A=b",
    `a=${"x".repeat(9000)}`,
    ",",
  ])("with the state %j loses it and goes on", (tracestate) => {
    expect(incomingTrace({ traceparent, tracestate })).toEqual({ traceId, traceparent, tracestate: undefined });
  });

  it("is read from any text without an error", () => {
    fc.assert(fc.property(fc.string(), (text) => incomingTrace({ traceparent: text }) === undefined));
  });
});

describe("a trace that begins here", () => {
  it("is valid, its id is the request's, and it says whether a record is kept", () => {
    fc.assert(
      fc.property(
        fc.oneof(fc.string({ minLength: 1 }), fc.uuid(), fc.constant(uuid7())),
        fc.boolean(),
        (id, sampled) => {
          const trace = newTrace(id, sampled);
          expect(incomingTrace({ traceparent: trace.traceparent })?.traceId).toBe(ownTraceId(id));
          expect(trace.traceparent.endsWith(sampled ? "-01" : "-00")).toBe(true);
        },
      ),
    );
    const id = uuid7();
    expect(uuidOfTrace(ownTraceId(id))).toBe(id);
  });

  it("need not be kept beside its request when the id tells it", () => {
    expect(traceIdToKeep({}, uuid7())).toBeNull();
    expect(traceIdToKeep({}, "order-17")).toBe(ownTraceId("order-17"));
    expect(traceIdToKeep({ traceparent }, uuid7())).toBe(traceId);
    const id = uuid7();
    expect(traceIdToKeep({ traceparent: "nonsense" }, id)).toBe(ownTraceId(id));
  });

  it("is not made of zeros", () => {
    expect(ownTraceId("00000000-0000-0000-0000-000000000000")).not.toMatch(/^0+$/);
    expect(newTrace("00000000-0000-7000-0000-000000000000", true).traceparent).toMatch(/-0{15}1-01$/);
  });
});
