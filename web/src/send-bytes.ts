import { errorOfAnswer } from "../../src/client/remote-error.ts";
import { toWireRequest } from "../../src/client/request.ts";
import { ModelyardError } from "../../src/contract/errors.ts";
import type { InputOf } from "../../src/contract/operations.ts";
import { wireOperations } from "../../src/contract/wire-operations.gen.ts";

/**
 * Sends bytes of a file to the server, read from the disk as they go. It takes XMLHttpRequest, since fetch does not tell how far it is.
 * Throws what the server says, and server-unreachable when the connection broke.
 */
export function sendBytes(
  input: InputOf<"uploadBlob">,
  body: Blob,
  { signal, onSent }: { signal: AbortSignal; onSent: (bytes: number) => void },
): Promise<void> {
  const { method, url } = toWireRequest(wireOperations.uploadBlob, window.location.origin, input);
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    const end = () => request.abort();
    const settle = (done: () => void) => {
      signal.removeEventListener("abort", end);
      done();
    };
    request.open(method, url);
    request.setRequestHeader("content-type", "application/octet-stream");
    request.upload.onprogress = ({ loaded }) => onSent(loaded);
    request.onabort = () => settle(() => reject(signal.reason));
    request.onerror = () => settle(() => void failureOf(body).then(reject));
    request.onload = () =>
      settle(() => {
        if (request.status < 300) return resolve();
        const answer = new Response(request.responseText, { status: request.status });
        void errorOfAnswer(answer, window.location.origin).then(reject);
      });
    signal.addEventListener("abort", end, { once: true });
    if (signal.aborted) end();
    else request.send(body);
  });
}

/** A file that changed since it was chosen cannot be read any more, and looks like a broken connection. */
async function failureOf(body: Blob): Promise<ModelyardError> {
  try {
    await body.slice(0, 1).arrayBuffer();
    return new ModelyardError("server-unreachable", { url: window.location.origin });
  } catch (cause) {
    const details = { what: "The file changed while it was uploaded", instead: "Choose it again." };
    return new ModelyardError("not-supported", details, { cause });
  }
}
