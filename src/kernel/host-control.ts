import { request } from "node:http";
import { join } from "node:path";
import { ModelyardError } from "../contract/errors.ts";
import { controlSocketName, type SeenState, type SpokenLanguage, type WantedState } from "../contract/host.ts";
import { readEndReason } from "./end-reason.ts";
import { readHostFile } from "./host-file.ts";

interface Reply {
  status: number;
  headers: Record<string, string | string[] | undefined>;
  body: string;
  /** A body without a size ended before its end. */
  broken: boolean;
}

/** How much is read of an answer that comes piece by piece, as a script may never end: then the script is told that nobody listens. */
const longestStream = { bytes: 16_000_000, ms: 30_000 };

/** The server's side of a host's control socket (see contract/host.ts). Every call fails with host-unreachable when nothing answers. */
export interface HostControl {
  putWanted(wanted: WantedState): Promise<void>;
  seen(wait?: { after: number; waitMs: number }): Promise<SeenState>;
  score(
    service: string,
    revision: number | null,
    body: string,
    language?: SpokenLanguage,
  ): Promise<{ status: number; requestId: string; durationMs: number; body: string }>;
  logs(service: string, revision: number, options: { tail: number; requestId?: string | undefined }): Promise<string[]>;
  /** Metrics of all services as Prometheus reads them. */
  metrics(): Promise<string>;
  /** Makes every finished request readable in the spool; with `rotate` what follows goes to a new segment. */
  flush(options?: { rotate: boolean }): Promise<void>;
  /** The address the host wrote down when it last listened; empty when none did. */
  scoringUrl(): string;
}

/** `isStarting`: whether who asks has launched the host and waits for it. */
export function makeHostControl(folder: string, isStarting: () => boolean = () => false): HostControl {
  const ask = (method: string, path: string, body?: string) =>
    askSocket(join(folder, controlSocketName), method, path, body).catch(async (error: NodeJS.ErrnoException) => {
      const runs = !["ENOENT", "ECONNREFUSED"].includes(error.code ?? "");
      const silent = isStarting() ? "it is starting" : "it does not run";
      const reason = runs ? error.message : ((await readEndReason(folder)) ?? silent);
      throw new ModelyardError("host-unreachable", { reason }, { cause: error });
    });
  const must = async (method: string, path: string, body?: string): Promise<string> => {
    const reply = await ask(method, path, body);
    if (reply.broken) throw new ModelyardError("host-unreachable", { reason: "the connection broke" });
    if (reply.status !== 200)
      throw new ModelyardError("host-unreachable", {
        reason: `${method} ${path} was answered with ${reply.status}: ${reply.body.slice(0, 500)}`,
      });
    return reply.body;
  };
  return {
    putWanted: async (wanted) => void (await must("PUT", "/wanted", JSON.stringify(wanted))),
    seen: async (wait) =>
      JSON.parse(
        await must("GET", wait === undefined ? "/seen" : `/seen?after=${wait.after}&waitMs=${wait.waitMs}`),
      ) as SeenState,
    score: async (service, revision, body, language = "azure") => {
      const started = performance.now();
      const place = revision === null ? `/services/${service}` : `/services/${service}/revisions/${revision}`;
      const query = language === "azure" ? "" : `?language=${language}`;
      const reply = await ask("POST", `${place}/score${query}`, body);
      return {
        // a script failed after its first piece, and the status had gone out
        status: reply.broken && reply.status === 200 ? 500 : reply.status,
        requestId: String(reply.headers["x-request-id"] ?? ""),
        durationMs: performance.now() - started,
        body: reply.body,
      };
    },
    logs: async (service, revision, { tail, requestId }) => {
      const query = requestId === undefined ? "" : `&requestId=${encodeURIComponent(requestId)}`;
      return (
        JSON.parse(await must("GET", `/services/${service}/revisions/${revision}/logs?tail=${tail}${query}`)) as {
          lines: string[];
        }
      ).lines;
    },
    metrics: () => must("GET", "/metrics"),
    flush: async ({ rotate } = { rotate: false }) =>
      void (await must("POST", `/spool/flush${rotate ? "?rotate=true" : ""}`)),
    scoringUrl: () => readHostFile(folder)?.scoringUrl ?? "",
  };
}

function askSocket(socketPath: string, method: string, path: string, body?: string): Promise<Reply> {
  return new Promise((resolve, reject) => {
    const outgoing = request(
      { socketPath, method, path, headers: { "content-type": "application/json" } },
      (incoming) => {
        const chunks: Buffer[] = [];
        let size = 0;
        const finish = (broken: boolean) => {
          clearTimeout(timer);
          const { statusCode = 0, headers } = incoming;
          resolve({ status: statusCode, headers, body: Buffer.concat(chunks).toString("utf8"), broken });
          if (!incoming.complete) incoming.destroy();
        };
        const isStream = incoming.headers["content-length"] === undefined;
        const timer = isStream ? setTimeout(finish, longestStream.ms, false) : undefined;
        incoming.on("data", (chunk: Buffer) => {
          chunks.push(chunk);
          size += chunk.length;
          if (isStream && size > longestStream.bytes) finish(false);
        });
        incoming.on("end", () => finish(false));
        incoming.on("error", (error) => (isStream ? finish(true) : reject(error)));
      },
    );
    outgoing.on("error", reject);
    outgoing.end(body);
  });
}
