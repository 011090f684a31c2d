import type { TransferOptions, TransferredFile } from "../../../client/patience.ts";
import { type Tools, talk } from "../tools.ts";

/** Files below this are over before a person could read a line about them. */
const largeFile = 8 << 20;

/**
 * Options of a transfer that tell how far a large file is, on a terminal in one line that changes, elsewhere in a line every ten
 * seconds, and which connections broke; nothing when a program reads.
 */
export function transferOptions(tools: Tools, doing: "Uploading" | "Downloading" | "Reading"): TransferOptions {
  const { stderr } = tools.terminal;
  const { clock, signal } = tools.system;
  if (tools.json) return { signal };
  const intervalMs = stderr.isTTY ? 100 : 10_000;
  let shownAt = clock.now();
  const show = (line: string) => void (stderr.isTTY ? stderr.write(`\r\u001b[K${line}`) : talk(tools, line));
  return {
    signal,
    onBytes: (file, done) => {
      const { path, size = Number.POSITIVE_INFINITY } = file;
      const isOver = done >= size;
      if (size < largeFile || (clock.now() - shownAt < intervalMs && !(isOver && stderr.isTTY))) return;
      shownAt = clock.now();
      show(isOver && stderr.isTTY ? "" : `${doing} ${path} ${shareOf(file, done)}`);
    },
    onBreak: ({ path }, waitMs) => show(`${doing} ${path}: the connection broke, going on in ${waitMs / 1000} s`),
  };
}

const megabytes = (bytes: number): string => `${(bytes / 1e6).toFixed(1)} MB`;
const shareOf = ({ size }: TransferredFile, done: number): string =>
  size === undefined ? megabytes(done) : `${Math.floor((100 * done) / size)} % of ${megabytes(size)}`;
