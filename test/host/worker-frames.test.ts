import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  cutBody,
  encodeFrame,
  type Frame,
  frameLimit,
  type HostHead,
  makeFrameReader,
  type WorkerHead,
} from "../../src/host/engines/worker-frames.ts";
import { root } from "./host-fixture.ts";

type AnyHead = HostHead | WorkerHead;
const transcripts = join(root, "protocol/worker");

interface Event {
  head?: AnyHead;
  bodyText?: string;
  bodyBase64?: string;
  frameHex?: string;
}

function readAll(bytes: Buffer, cuts: number[] = []): Frame<AnyHead>[] {
  const frames: Frame<AnyHead>[] = [];
  const read = makeFrameReader<AnyHead>((frame) => frames.push(frame));
  let start = 0;
  for (const cut of [...new Set(cuts)].sort((a, b) => a - b)) {
    if (cut > start && cut < bytes.length) {
      read(bytes.subarray(start, cut));
      start = cut;
    }
  }
  read(bytes.subarray(start));
  return frames;
}

describe("frames between host and worker", () => {
  for (const name of readdirSync(transcripts).filter((file) => file.endsWith(".json"))) {
    it(`are those of the golden transcript ${name}`, () => {
      const events = (JSON.parse(readFileSync(join(transcripts, name), "utf8")) as Event[]).filter((one) => one.head);
      expect(events.length).toBeGreaterThan(0);
      for (const { head, bodyText, bodyBase64, frameHex } of events) {
        const body = bodyBase64 === undefined ? Buffer.from(bodyText ?? "") : Buffer.from(bodyBase64, "base64");
        const bytes = Buffer.concat(encodeFrame(head as AnyHead, [body]));
        expect(bytes.toString("hex")).toBe(frameHex);
        expect(readAll(bytes)).toEqual([{ head, body }]);
      }
    });
  }

  it("come out as they went in, however the stream is cut", () => {
    const frame = fc.record({
      ids: fc.array(fc.record({ id: fc.string({ unit: "grapheme" }), part: fc.uint8Array({ maxLength: 300 }) })),
    });
    fc.assert(
      fc.property(fc.array(frame, { maxLength: 5 }), fc.array(fc.nat(3000)), (given, cuts) => {
        const sent = given.map(({ ids }) => {
          const items = ids.map(({ id, part }) => ({ id, status: "ok" as const, size: part.length }));
          return encodeFrame(
            { type: "answers", items },
            ids.map(({ part }) => part),
          );
        });
        const received = readAll(Buffer.concat(sent.flat()), cuts);
        expect(received.length).toBe(given.length);
        received.forEach(({ head, body }, index) => {
          const ids = given[index]?.ids ?? [];
          if (head.type !== "answers") throw new Error("another type");
          expect(head.items.map((item) => item.id)).toEqual(ids.map(({ id }) => id));
          expect(cutBody(body, head.items).map((part) => [...part])).toEqual(ids.map(({ part }) => [...part]));
        });
      }),
    );
  });

  it("that are damaged end in an error or in waiting, never in another frame's bytes", () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 4, maxLength: 200 }), (bytes) => {
        try {
          for (const { head } of readAll(Buffer.from(bytes))) expect(typeof head).toBe("object");
        } catch (error) {
          expect(["RangeError", "SyntaxError", "TypeError"]).toContain((error as Error).name);
        }
      }),
    );
  });

  it("over the limit are refused before a byte of them is read", () => {
    const prefix = Buffer.alloc(4);
    prefix.writeUInt32LE(frameLimit + 1);
    expect(() => readAll(prefix)).toThrow(RangeError);
  });

  it("whose sizes do not make up the body are refused", () => {
    expect(() => cutBody(Buffer.from("abc"), [{ size: 2 }])).toThrow(RangeError);
    expect(() => cutBody(Buffer.from("abc"), [{ size: -1 }, { size: 4 }])).toThrow(RangeError);
  });
});
