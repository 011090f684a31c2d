import { type Source, view } from "./source.ts";

/** A stretch of a source. */
export interface Span {
  start: number;
  end: number;
}

/** One field of a protobuf message: a number, or a stretch of the source. */
export interface Field extends Span {
  number: number;
  value: number;
}

const maxFields = 1_000_000;

/** A number and where the next byte stands; undefined at the end of the source. Source: protobuf.dev/programming-guides/encoding. */
export function varint(source: Source, offset: number): { value: number; next: number } | undefined {
  let value = 0;
  for (let i = 0; i < 10; i++) {
    const index = source.at(offset + i, 1);
    const byte = index < 0 ? 0x80 : (source.window[index] ?? 0);
    value += (byte & 0x7f) * 2 ** (7 * i);
    if (byte < 0x80) return { value, next: offset + i + 1 };
    if (index < 0) return undefined;
  }
  return undefined;
}

/** The fields of a message; stretches are not read, and numbers of fixed width are left out. Ends at what is no field. */
export function* fieldsOf(source: Source, { start, end }: Span): Generator<Field> {
  let at = start;
  for (let count = 0; at < end && count < maxFields; count += 1) {
    const tag = varint(source, at);
    if (tag === undefined) return;
    const wire = tag.value % 8;
    const number = Math.floor(tag.value / 8);
    if (wire === 5 || wire === 1) {
      at = tag.next + (wire === 5 ? 4 : 8);
      continue;
    }
    const value = wire === 0 || wire === 2 ? varint(source, tag.next) : undefined;
    if (value === undefined) return;
    at = value.next + (wire === 2 ? value.value : 0);
    if (at > end) return;
    yield { number, value: value.value, start: value.next, end: at };
  }
}

/** The first field of this number in a message. */
export function firstField(source: Source, span: Span | undefined, number: number): Field | undefined {
  if (span !== undefined) for (const field of fieldsOf(source, span)) if (field.number === number) return field;
  return undefined;
}

/** A stretch as UTF-8 text; null when there is none. */
export function textOf(source: Source, span: Span | undefined): string | null {
  return span === undefined ? null : (view(source, span.start, span.end - span.start)?.toString("utf8") ?? null);
}

/** The bytes of a field that holds a text or a message. `number` is below 2⁴. */
export function encodeField(number: number, content: Uint8Array | string): Buffer {
  const bytes = Buffer.from(content);
  return Buffer.concat([Buffer.from([number * 8 + 2]), encodeVarint(bytes.length), bytes]);
}

/** The bytes of a field that holds a number from 0 on. `number` is below 2⁴. */
export function encodeNumber(number: number, value: number): Buffer {
  return Buffer.concat([Buffer.from([number * 8]), encodeVarint(value)]);
}

function encodeVarint(value: number): Buffer {
  const bytes: number[] = [];
  let rest = value;
  for (; rest > 0x7f; rest = Math.floor(rest / 128)) bytes.push((rest % 128) | 0x80);
  return Buffer.from([...bytes, rest]);
}
