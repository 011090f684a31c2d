import { hashFile } from "./hash-file.ts";

// Runs in a worker of the browser: gets a file, tells bytes as they are read, then its digest.
self.onmessage = async ({ data: file }: MessageEvent<Blob>) => {
  try {
    const digest = await hashFile(file, (done) => self.postMessage({ done }));
    self.postMessage({ digest });
  } catch {
    self.postMessage({ isUnreadable: true });
  }
};
