import http from "node:http";
import { ModelyardError, type PublicError } from "../contract/errors.ts";
import { remoteError } from "../contract/remote-error.ts";

/**
 * Sends an operation without input to the server, in the name of the caller, whose authority is kept nowhere. Errors: those of the server
 * in its own words, and server-unreachable.
 */
export async function askServer(url: string, asked: { path: string; authorization: string }): Promise<void> {
  const { path, authorization } = asked;
  const target = new URL(path, url);
  const unreachable = (cause?: Error) => new ModelyardError("server-unreachable", { url }, { cause });
  const { request } = target.protocol === "https:" ? await import("node:https") : http;
  return new Promise((resolve, reject) => {
    const headers = { authorization, "content-type": "application/json" };
    const outgoing = request(target, { method: "POST", headers, agent: false }, (incoming) => {
      const chunks: Buffer[] = [];
      incoming.on("data", (chunk: Buffer) => chunks.push(chunk));
      incoming.on("error", (error) => reject(unreachable(error)));
      incoming.on("end", () => {
        if (incoming.statusCode === 200) resolve();
        else reject(errorIn(Buffer.concat(chunks).toString("utf8")) ?? unreachable());
      });
    });
    outgoing.on("error", (error) => reject(unreachable(error)));
    outgoing.end("{}");
  });
}

function errorIn(text: string): ModelyardError | undefined {
  try {
    const { error } = JSON.parse(text) as { error?: Partial<PublicError> };
    return error?.code === undefined ? undefined : remoteError(error);
  } catch {
    return undefined;
  }
}
