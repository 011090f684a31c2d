import type { HashedFile } from "../../../client/files/local-files.ts";
import type { UploadOptions } from "../../../client/files/upload.ts";
import type { Tools } from "../tools.ts";

/** Files below this are sent before a person could read a line about them. */
const largeFile = 8 << 20;

/** Upload options that show one line of progress per large file, on a terminal only. */
export function uploadOptions({ terminal, system, json }: Tools): UploadOptions {
  const { stderr } = terminal;
  let shownAt = 0;
  const onBytes = (file: HashedFile, sent: number) => {
    if (file.size < largeFile) return;
    const now = system.clock.now();
    if (now - shownAt < 100 && sent < file.size) return;
    shownAt = now;
    const share = Math.floor((100 * sent) / file.size);
    const line = `Uploading ${file.path} ${share} % of ${(file.size / 1e6).toFixed(1)} MB`;
    stderr.write(`\r\u001b[K${sent < file.size ? line : ""}`);
  };
  return { signal: system.signal, onBytes: stderr.isTTY && !json ? onBytes : undefined };
}
