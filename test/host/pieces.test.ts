import fc from "fast-check";
import { expect, it } from "vitest";
import { pieceAnswer } from "../../src/host/codecs/pieces.ts";
import type { Piece, PieceStream } from "../../src/host/engines/piece-stream.ts";

const none = {} as PieceStream;
const text = (value: string): Piece => ({ kind: "text", body: Buffer.from(value, "utf8") });

/** Data of the events of a stream, read as the HTML standard says. */
function eventsOf(stream: string): { event: string; data: string }[] {
  return stream
    .split("\n\n")
    .filter((block) => block !== "")
    .map((block) => {
      const fields = block.split(/\r\n|\r|\n/).map((line) => /^([a-z]+): ?(.*)$/s.exec(line)?.slice(1) ?? [line, ""]);
      const event = fields.find(([name]) => name === "event")?.[1] ?? "message";
      return { event, data: fields.flatMap(([name, value]) => (name === "data" ? [value] : [])).join("\n") };
    });
}

it("any texts come back from the events they were sent as, but for their kind of line end", () => {
  fc.assert(
    fc.property(fc.array(fc.string({ unit: fc.constantFrom("a", ":", " ", "\n", "\r", "é", "data") })), (texts) => {
      fc.pre(!/^(data)?:[\s\S]*\n\n$/.test(texts[0] ?? ""));
      const { pieces } = pieceAnswer({ kind: "text" }, none, "text/html, text/event-stream;q=0.9");
      const stream = texts.map((one) => pieces?.write(text(one))).join("");
      expect(eventsOf(stream)).toEqual(texts.map((one) => ({ event: "message", data: one.replace(/\r\n|\r/g, "\n") })));
    }),
  );
});

it("each line of JSON lines is one piece", () => {
  const { pieces, headers } = pieceAnswer({ kind: "json" }, none, "*/*");
  expect(headers["content-type"]).toBe("application/x-ndjson");
  fc.assert(
    fc.property(fc.array(fc.string()), (texts) => {
      const lines = texts.map((one) => pieces?.write(text(one))).join("");
      expect(
        lines
          .split("\n")
          .slice(0, -1)
          .map((line) => JSON.parse(line) as unknown),
      ).toEqual(texts);
    }),
  );
});

it("events that a script writes itself are not framed again", () => {
  for (const first of ["data: 1\n\n", "event: a\ndata: 1\n\n", ": hello\n\n"]) {
    const { pieces } = pieceAnswer({ kind: "text" }, none, "text/event-stream");
    expect([first, "data: 2\n\n"].map((one) => pieces?.write(text(one))).join("")).toBe(`${first}data: 2\n\n`);
  }
});
