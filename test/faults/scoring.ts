import { Agent, request } from "node:http";
import type { Client } from "../../src/client/client.ts";

export interface Reply {
  status: number;
  requestId: string;
  text: string;
}

/** One POST to a scoring URL. Rejects when the connection breaks. */
export function post(url: string, body: string, options: { agent?: Agent; headers?: object } = {}): Promise<Reply> {
  return new Promise((resolve, reject) => {
    const { agent = new Agent(), headers = {} } = options;
    const head = { "content-type": "application/json", "content-length": Buffer.byteLength(body), ...headers };
    const outgoing = request(url, { method: "POST", agent, headers: head }, (incoming) => {
      const chunks: Buffer[] = [];
      incoming.on("data", (chunk: Buffer) => chunks.push(chunk));
      incoming.on("error", reject);
      incoming.on("end", () =>
        resolve({
          status: incoming.statusCode ?? 0,
          requestId: String(incoming.headers["x-request-id"] ?? ""),
          text: Buffer.concat(chunks).toString("utf8"),
        }),
      );
    });
    outgoing.on("error", reject);
    outgoing.end(body);
  });
}

/** Uploads a file; gives its entry in a version or a script. */
export async function uploaded(client: Client, path: string, content: string | Uint8Array) {
  const bytes = typeof content === "string" ? Buffer.from(content) : content;
  return { path, ...(await client.uploadBlob({}, { body: bytes })) };
}

/** An entry script without packages, as deploy and update take it. */
export async function script(client: Client, source: string) {
  return { entry: "score.py", files: [await uploaded(client, "score.py", source)] };
}

/** Deploys a script without packages as a service; gives its scoring URL and the headers with its key. */
export async function deployed(client: Client, name: string, source: string) {
  await client.registerModel({ name: "base", files: [await uploaded(client, "base.txt", "base")] });
  const parts = { models: ["base"], script: await script(client, source), requirements: "" };
  const { scoringUri } = await client.deployService({ name, ...parts });
  return { scoringUri, headers: { authorization: `Bearer ${(await client.getServiceKeys({ name })).primary}` } };
}

/** The code of the error that work ends with, or "no error". */
export const codeOf = (work: Promise<unknown>): Promise<string> =>
  work.then(
    () => "no error",
    (error: { code?: string; message: string }) => error.code ?? error.message,
  );

/** Work that goes on until its server is gone. */
export const untilGone = (work: Promise<void>): Promise<void> =>
  work.catch((error: { code?: string }) => {
    if (error.code !== "server-unreachable") throw error;
  });
