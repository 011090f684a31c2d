import { randomBytes } from "node:crypto";
import { createReadStream } from "node:fs";
import { mkdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { writeFileAtomic } from "./files.ts";
import { readLines } from "./read-lines.ts";

/** A line with what it is sorted by first; lines of the same key are in the order of their texts. */
export interface KeyedLine {
  key: number;
  /** Holds no line end. */
  line: string;
}

export interface SortedLines {
  add(entry: KeyedLine): Promise<void>;
  /** All that was added, in order; may be asked again. Nothing may be added any more. */
  read(): AsyncIterable<string>;
  /** Removes what is on the disk. */
  remove(): Promise<void>;
}

const compare = (a: KeyedLine, b: KeyedLine): number =>
  a.key - b.key || (a.line < b.line ? -1 : a.line > b.line ? 1 : 0);

/**
 * Sorts any number of lines in bounded memory: sorted runs of some `runChars` characters go to files, which are merged as they are
 * read (Knuth, The Art of Computer Programming 3, 5.4.1). Few lines never touch the disk.
 */
export function sortOnDisk(folder: string, runChars = 8 << 20): SortedLines {
  const place = join(folder, randomBytes(8).toString("hex"));
  const files: string[] = [];
  let waiting: KeyedLine[] = [];
  let chars = 0;
  let isSorted = false;

  async function spill(): Promise<void> {
    await mkdir(place, { recursive: true, mode: 0o700 });
    const path = join(place, String(files.length));
    files.push(path);
    waiting.sort(compare);
    await writeFileAtomic(path, waiting.map(({ key, line }) => `${key}\t${line}\n`).join(""));
    waiting = [];
    chars = 0;
  }

  return {
    async add(entry) {
      waiting.push(entry);
      chars += entry.line.length;
      isSorted = false;
      if (chars >= runChars) await spill();
    },
    async *read() {
      if (!isSorted) waiting.sort(compare);
      isSorted = true;
      const runs = [...files.map(linesOfFile), linesOfMemory(waiting)];
      for await (const { line } of merge(runs)) yield line;
    },
    remove: () => rm(place, { recursive: true, force: true }),
  };
}

async function* linesOfMemory(lines: readonly KeyedLine[]): AsyncGenerator<KeyedLine> {
  yield* lines;
}

async function* linesOfFile(path: string): AsyncGenerator<KeyedLine> {
  const fault = (line: number, reason: string) => new Error(`${path}, line ${line}: ${reason}`);
  for await (const { text } of readLines(createReadStream(path), fault, Number.POSITIVE_INFINITY)) {
    const cut = text.indexOf("\t");
    yield { key: Number(text.slice(0, cut)), line: text.slice(cut + 1) };
  }
}

async function* merge(runs: readonly AsyncGenerator<KeyedLine>[]): AsyncGenerator<KeyedLine> {
  const heads: { entry: KeyedLine; run: AsyncGenerator<KeyedLine> }[] = [];
  try {
    for (const run of runs) {
      const { value, done } = await run.next();
      if (!done) heads.push({ entry: value, run });
    }
    for (;;) {
      const least = heads.reduce<(typeof heads)[number] | undefined>(
        (best, head) => (best === undefined || compare(head.entry, best.entry) < 0 ? head : best),
        undefined,
      );
      if (least === undefined) return;
      yield least.entry;
      const { value, done } = await least.run.next();
      if (done) heads.splice(heads.indexOf(least), 1);
      else least.entry = value;
    }
  } finally {
    for (const run of runs) await run.return(undefined);
  }
}
