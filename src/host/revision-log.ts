import { mkdirSync } from "node:fs";
import { appendFile, rename, stat } from "node:fs/promises";
import { dirname } from "node:path";
import type { Readable } from "node:stream";
import { StringDecoder } from "node:string_decoder";
import type { Clock } from "../kernel/clock.ts";

/** What the workers of one revision write, line by line with the time in front. */
export interface RevisionLog {
  /** Takes the lines of a worker's stdout or stderr, and hands them to `onLine` as well. */
  follow(stream: Readable, onLine?: (line: string) => void): void;
  /** Adds a line of the host's own. */
  write(line: string): void;
  /** The last lines written since the host started, oldest first. */
  tail(): string[];
  /** Resolves when all lines are in the file. */
  flush(): Promise<void>;
}

const rotateBytes = 10 * 1024 * 1024;
const tailLines = 40;
/** A worker that never ends its line must not fill the host's memory. */
const longestLine = 64 * 1024;

/** A log file that is appended to and rotated at 10 MB; one old one is kept as `<path>.1`. */
export function openRevisionLog(path: string, clock: Clock): RevisionLog {
  mkdirSync(dirname(path), { recursive: true });
  const recent: string[] = [];
  let pending: string[] = [];
  let writing: Promise<void> | undefined;

  const writeAll = async () => {
    while (pending.length > 0) {
      const text = pending.join("");
      pending = [];
      // a full disk costs log lines, never a request
      await appendRotated(path, text).catch(() => {});
    }
    writing = undefined;
  };
  const write = (line: string) => {
    recent.push(line);
    if (recent.length > tailLines) recent.shift();
    pending.push(`${new Date(clock.now()).toISOString()} ${line}\n`);
    writing ??= Promise.resolve().then(writeAll);
  };
  return {
    follow: (stream, onLine) =>
      splitLines(stream, (line) => {
        write(line);
        onLine?.(line);
      }),
    write,
    tail: () => [...recent],
    flush: async () => writing,
  };
}

async function appendRotated(path: string, text: string): Promise<void> {
  const size = await stat(path).then(
    (found) => found.size,
    () => 0,
  );
  if (size > 0 && size + text.length > rotateBytes) await rename(path, `${path}.1`);
  await appendFile(path, text, { mode: 0o600 });
}

function splitLines(stream: Readable, onLine: (line: string) => void): void {
  const decoder = new StringDecoder("utf8");
  let rest = "";
  stream.on("data", (chunk: Buffer) => {
    const lines = (rest + decoder.write(chunk)).split("\n");
    rest = lines.pop() ?? "";
    for (const line of lines) onLine(line.replace(/\r$/, ""));
    if (rest.length > longestLine) {
      onLine(rest);
      rest = "";
    }
  });
  stream.on("end", () => {
    if (rest !== "") onLine(rest);
  });
  stream.on("error", () => {});
}
