/**
 * The lines of UTF-8 text as it comes, counted from 1, without their ends. What `fault` makes is thrown for bytes that are not UTF-8
 * and for a line of more than `maxChars`.
 */
export async function* readLines(
  bytes: AsyncIterable<Uint8Array>,
  fault: (line: number, reason: string) => Error,
  maxChars = 4 << 20,
): AsyncGenerator<{ line: number; text: string }> {
  const decoder = new TextDecoder("utf-8", { fatal: true });
  let line = 1;
  let rest = "";
  const decode = (chunk?: Uint8Array) => {
    try {
      return chunk === undefined ? decoder.decode() : decoder.decode(chunk, { stream: true });
    } catch {
      throw fault(line, "it is not UTF-8");
    }
  };
  for await (const chunk of bytes) {
    const lines = (rest + decode(chunk)).split("\n");
    rest = lines.pop() ?? "";
    for (const text of lines) yield { line: line++, text };
    if (rest.length > maxChars) throw fault(line, `it has more than ${maxChars} characters`);
  }
  rest += decode();
  if (rest !== "") yield { line, text: rest };
}
