import { request as ask, type IncomingMessage } from "node:http";
import { join } from "node:path";
import { ModelyardError } from "../../contract/errors.ts";
import { controlSocketName } from "../../contract/host.ts";
import type { ControlScore } from "../control.ts";

/** No setting of a service allows a larger body. */
const largestBody = 1_000_000_000;

/** Passes a scoring request of the control socket on to a front, as it is, and its answer back as it comes. Error: host-unreachable. */
export async function relayScore(folder: string, { request, requestId }: ControlScore): Promise<void> {
  const { method, url, headers } = request;
  // whole: a front that refuses before it has read all would reset the connection, and its answer with it
  const body = await request.readBody(largestBody);
  const { "transfer-encoding": _, ...passed } = headers;
  const socketPath = join(folder, controlSocketName);
  const sent = { ...passed, "x-request-id": requestId, "content-length": body.length };
  const answer = await new Promise<IncomingMessage>((resolve, reject) => {
    const outgoing = ask({ socketPath, method, path: url, headers: sent }, resolve);
    outgoing.once("error", (error) => reject(new ModelyardError("host-unreachable", { reason: error.message })));
    outgoing.end(body);
  });
  const { connection: _c, "transfer-encoding": _t, "content-length": _l, ...answered } = answer.headers;
  const head = { status: answer.statusCode ?? 502, headers: withoutAbsent(answered) };
  const stream = request.begin(head, requestId, () => answer.destroy());
  try {
    for await (const chunk of answer) await stream.write(chunk as Buffer);
    stream.end();
  } catch {
    stream.breakOff();
  }
}

const withoutAbsent = (headers: IncomingMessage["headers"]): Record<string, string | string[]> =>
  Object.fromEntries(Object.entries(headers).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])));
