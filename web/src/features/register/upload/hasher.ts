import { ModelyardError } from "../../../../../src/contract/errors.ts";

/** Where the build put hash-worker.ts. */
declare const hashWorkerAddress: string;

type Told = { done: number } | { digest: string } | { isUnreadable: true };

export interface Hasher {
  /** SHA-256 of a file; `onBytes` is told how many of its bytes were read. One file at a time. */
  hash: (file: Blob, path: string, onBytes: (done: number) => void) => Promise<string>;
  end: () => void;
}

/** Hashes beside the page, which stays responsive however large the files are. */
export function startHasher(signal: AbortSignal): Hasher {
  const worker = new Worker(hashWorkerAddress, { type: "module" });
  const hash = (file: Blob, path: string, onBytes: (done: number) => void) =>
    new Promise<string>((resolve, reject) => {
      const abort = () => reject(signal.reason);
      if (signal.aborted) return abort();
      signal.addEventListener("abort", abort, { once: true });
      const settle = (done: () => void) => {
        signal.removeEventListener("abort", abort);
        done();
      };
      worker.onerror = () => settle(() => reject(new Error("The worker that reads files did not start")));
      worker.onmessage = ({ data }: MessageEvent<Told>) => {
        if ("done" in data) onBytes(data.done);
        else if ("digest" in data) settle(() => resolve(data.digest));
        else settle(() => reject(unreadable(path)));
      };
      worker.postMessage(file);
    });
  return { hash, end: () => worker.terminate() };
}

const unreadable = (path: string): ModelyardError =>
  new ModelyardError("not-supported", {
    what: `${path} cannot be read any more: it changed, moved, or its folder is not open to the browser`,
    instead: "Choose it again.",
  });
