import type { TransferOptions, TransferredFile } from "../../../client/files/patience.ts";
import { type Tools, talk } from "../tools.ts";

/** Files below this are over before a person could read a line about them. */
const largeFile = 8 << 20;

/** Options of a transfer that show one line of progress per large file on a terminal, and tell connections that broke. */
export function transferOptions(tools: Tools, doing: "Uploading" | "Downloading"): TransferOptions {
  const { stderr } = tools.terminal;
  const { clock, signal } = tools.system;
  const isShown = stderr.isTTY === true && !tools.json;
  let shownAt = 0;
  const onBytes = ({ path, size }: TransferredFile, done: number) => {
    if (size < largeFile) return;
    const now = clock.now();
    if (now - shownAt < 100 && done < size) return;
    shownAt = now;
    const line = `${doing} ${path} ${Math.floor((100 * done) / size)} % of ${(size / 1e6).toFixed(1)} MB`;
    stderr.write(`\r\u001b[K${done < size ? line : ""}`);
  };
  const onBreak = ({ path }: TransferredFile, waitMs: number) => {
    const line = `${doing} ${path}: the connection broke, going on in ${waitMs / 1000} s`;
    if (isShown) stderr.write(`\r\u001b[K${line}`);
    else if (!tools.json) talk(tools, line);
  };
  return { signal, onBreak, onBytes: isShown ? onBytes : undefined };
}
