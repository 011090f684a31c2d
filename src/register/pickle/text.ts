import { PickleFault } from "./fault.ts";

const strictUtf8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/** UTF-8 as CPython's pickle reads it ("surrogatepass": lone surrogates encoded as three bytes are kept). */
export function decodeUtf8(bytes: Buffer, offset: number): string {
  const text = bytes.toString("utf8");
  if (!text.includes("\ufffd")) return text;
  try {
    return strictUtf8.decode(bytes);
  } catch {
    return decodeSurrogatePass(bytes, offset);
  }
}

function decodeSurrogatePass(bytes: Buffer, offset: number): string {
  let text = "";
  let done = 0;
  try {
    for (let i = 0; i + 2 < bytes.length; i++) {
      const [first = 0, second = 0, third = 0] = bytes.subarray(i, i + 3);
      if (first !== 0xed || second < 0xa0 || second > 0xbf || (third & 0xc0) !== 0x80) continue;
      const unit = 0xd000 | ((second & 0x3f) << 6) | (third & 0x3f);
      text += strictUtf8.decode(bytes.subarray(done, i)) + String.fromCharCode(unit);
      i += 2;
      done = i + 1;
    }
    return text + strictUtf8.decode(bytes.subarray(done));
  } catch {
    throw new PickleFault(offset, `text at offset ${offset} is not UTF-8`);
  }
}

/** CPython's "raw-unicode-escape" (opcode UNICODE of protocol 0): Latin-1 with \uXXXX and \UXXXXXXXX. */
export function decodeRawUnicodeEscape(bytes: Buffer, offset: number): string {
  const raw = bytes.toString("latin1");
  if (!raw.includes("\\")) return raw;
  return raw.replace(/\\(?:u([0-9a-fA-F]{4})|U([0-9a-fA-F]{8})|([\s\S]?))/g, (whole, four, eight, other) => {
    if (other === "u" || other === "U") throw new PickleFault(offset, `text at offset ${offset} has a broken escape`);
    if (other !== undefined) return whole;
    const point = Number.parseInt(four ?? eight, 16);
    if (point > 0x10ffff) throw new PickleFault(offset, `text at offset ${offset} has a broken escape`);
    return String.fromCodePoint(point);
  });
}

const simpleEscapes: Record<string, string> = {
  "\\": "\\",
  "'": "'",
  '"': '"',
  a: "\x07",
  b: "\b",
  f: "\f",
  n: "\n",
  r: "\r",
  t: "\t",
  v: "\v",
  "\n": "",
};

/** A quoted Python 2 `repr` of bytes (opcode STRING), as Latin-1 text. */
export function decodeQuoted(line: string, offset: number): string {
  const trimmed = line.trim();
  const quote = trimmed[0];
  if (trimmed.length < 2 || (quote !== "'" && quote !== '"') || !trimmed.endsWith(quote))
    throw new PickleFault(offset, `the text at offset ${offset} has no quotes around it`);
  return trimmed.slice(1, -1).replace(/\\(?:x([0-9a-fA-F]{2})|([0-7]{1,3})|([\s\S]))/g, (whole, hex, octal, other) => {
    if (hex !== undefined) return String.fromCharCode(Number.parseInt(hex, 16));
    if (octal !== undefined) return String.fromCharCode(Number.parseInt(octal, 8) & 0xff);
    return simpleEscapes[other] ?? whole;
  });
}
