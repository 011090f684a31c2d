import { createServer, type IncomingMessage, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import type { Clock } from "../../kernel/clock.ts";
import { listening } from "../../kernel/listen.ts";
import type { Collecting, Table } from "./collecting.ts";

/** Bytes of one table; as many as a worker lets through (python/src/modelyard/worker/collected.py). */
const mostBytes = 8 << 20;
const typePrefix = "azureml.inference.";
/** What the worker adds to what the package sends (python/src/modelyard/worker/azure_monitoring.py). */
const requestHeader = "ce-modelyard-request-id";

export interface Sidecar {
  port: number;
  close(): Promise<void>;
}

export interface SidecarPorts {
  clock: Clock;
  collecting: Pick<Collecting, "takeFrom" | "knows">;
}

/**
 * The data collector that azureml-ai-monitoring 1.0.0 expects beside a script: `POST /modeldata/log` on loopback, a CloudEvent in binary
 * mode with the rows of a data frame as JSON records. Takes any free port, its own one in each front.
 */
export async function startSidecar(ports: SidecarPorts): Promise<Sidecar> {
  const server = createServer((request, response) => {
    void answer(request, ports).then(
      (status) => response.writeHead(status, { "content-type": "application/json", connection: "close" }).end("{}"),
      () => response.destroy(),
    );
  });
  await listening(server, () => server.listen({ port: 0, host: "127.0.0.1", exclusive: true }));
  return { port: (server.address() as AddressInfo).port, close: () => closed(server) };
}

/** The status to answer. Rejects when the sender left. */
async function answer(request: IncomingMessage, { clock, collecting }: SidecarPorts): Promise<number> {
  if (request.url !== "/modeldata/log") return 404;
  if (request.method !== "POST") return 405;
  const token = tokenOf(request.headers.authorization);
  if (!collecting.knows(token)) return 401;
  const body = await readBody(request);
  if (body === undefined) return 413;
  const table = tableOf(request, body, clock.now());
  if (table === undefined) return 400;
  return collecting.takeFrom(token, table) ? 200 : 401;
}

/** The user of Basic authorization. */
function tokenOf(authorization: string | undefined): string {
  const encoded = /^Basic (.+)$/i.exec(authorization ?? "")?.[1] ?? "";
  return Buffer.from(encoded, "base64").toString("utf8").split(":", 1)[0] ?? "";
}

async function readBody(request: IncomingMessage): Promise<Buffer | undefined> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > mostBytes) return undefined;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks, size);
}

function tableOf(request: IncomingMessage, body: Buffer, now: number): Table | undefined {
  const header = (name: string) => request.headers[name]?.toString();
  const type = header("ce-type") ?? "";
  if (!type.startsWith(typePrefix) || type === typePrefix) return undefined;
  const seconds = Number(header("ce-time") ?? Number.NaN);
  const isJson = /^application\/json\b/i.test(header("content-type") ?? "");
  return {
    model: null,
    collection: type.slice(typePrefix.length),
    requestId: header(requestHeader) ?? null,
    correlationId: header("ce-x-request-id") ?? null,
    at: Number.isFinite(seconds) ? Math.round(seconds * 1000) : now,
    format: isJson ? "records" : "text",
    body,
  };
}

function closed(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
}
