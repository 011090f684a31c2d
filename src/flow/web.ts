import { ModelyardError } from "../contract/errors.ts";

/** How web addresses are read that a person named: servers elsewhere, which are not trusted with sizes and times. */
export interface Web {
  fetch: typeof fetch;
  signal?: AbortSignal | undefined;
  /** Milliseconds until an answer begins, and between two of its pieces. Default: a minute. */
  patienceMs?: number;
}

/** An answer that has begun. One of `bytes` and `text` may be read, once; both throw source-unreadable beyond `limit` bytes. */
export interface WebAnswer {
  status: number;
  headers: Headers;
  bytes(limit: number): AsyncGenerator<Uint8Array>;
  text(limit: number): Promise<string>;
}

export const unreadable = (source: string, reason: string, cause?: unknown): ModelyardError =>
  new ModelyardError("source-unreadable", { source, reason }, { cause });

/**
 * One GET; a redirect is an answer like others, since it may lead to another host or scheme, which credentials are not meant for.
 * Throws source-unreadable when nothing answers in time; an interruption by `signal` stays what it is.
 */
export async function getWeb(web: Web, url: string, headers: Record<string, string> = {}): Promise<WebAnswer> {
  if (!URL.canParse(url)) throw unreadable(url, "it is no address");
  const { username, password } = new URL(url);
  const source = shown(url);
  if (username !== "" || password !== "")
    throw unreadable(source, "the address holds a password, which would be shown");
  const patience = makePatience(web);
  const failed = (error: unknown) => {
    if (web.signal?.aborted || error instanceof ModelyardError) return error;
    return unreadable(source, patience.ended() ? "it does not answer in time" : reasonOf(error), error);
  };
  try {
    const answer = await patience.for(web.fetch(url, { headers, redirect: "manual", signal: patience.signal }));
    const { status, headers: answered } = answer;
    const bytes = (limit: number) => read(answer, limit, { source, patience, failed });
    return { status, headers: answered, bytes, text: async (limit) => textOf(bytes(limit)) };
  } catch (error) {
    patience.stop();
    throw failed(error);
  }
}

/** Where a redirect leads, as a whole address; undefined for other answers. */
export function redirectOf(
  { status, headers }: Pick<WebAnswer, "status" | "headers">,
  url: string,
): string | undefined {
  const location = headers.get("location");
  return status < 300 || status > 399 || location === null ? undefined : new URL(location, url).href;
}

/** An address without what may be secret in it: user, password, query. */
export function shown(url: string): string {
  const { origin, pathname } = new URL(url);
  return `${origin}${pathname.replace(/\/+$/, "")}`;
}

type Patience = ReturnType<typeof makePatience>;

/** Ends a request whose next piece does not come in time, and with the work it is part of. */
function makePatience({ signal, patienceMs = 60_000 }: Web) {
  const controller = new AbortController();
  let ended = false;
  const interrupt = () => controller.abort(signal?.reason);
  if (signal?.aborted) interrupt();
  signal?.addEventListener("abort", interrupt, { once: true });
  return {
    signal: controller.signal,
    ended: () => ended,
    stop() {
      signal?.removeEventListener("abort", interrupt);
      controller.abort();
    },
    async for<Result>(work: Promise<Result>): Promise<Result> {
      const timer = setTimeout(() => {
        ended = true;
        controller.abort();
      }, patienceMs);
      return work.finally(() => clearTimeout(timer));
    },
  };
}

async function* read(
  answer: Response,
  limit: number,
  { source, patience, failed }: { source: string; patience: Patience; failed(error: unknown): unknown },
): AsyncGenerator<Uint8Array> {
  const reader = answer.body?.getReader();
  let size = 0;
  try {
    for (;;) {
      const next = reader === undefined ? { done: true as const } : await patience.for(reader.read());
      if (next.done) return;
      size += next.value.length;
      if (size > limit) throw unreadable(source, `it sends more than ${limit} bytes`);
      yield next.value;
    }
  } catch (error) {
    throw failed(error);
  } finally {
    patience.stop();
  }
}

async function textOf(bytes: AsyncIterable<Uint8Array>): Promise<string> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of bytes) chunks.push(chunk);
  return Buffer.concat(chunks).toString("utf8");
}

/** fetch says "fetch failed" and keeps what happened behind it. */
function reasonOf(error: unknown): string {
  const { cause, message } = error as { cause?: { code?: string; message?: string }; message?: string };
  const reasons: Record<string, string> = {
    ECONNREFUSED: "nothing listens there",
    ENOTFOUND: "there is no such host",
    ECONNRESET: "the connection broke",
    UND_ERR_SOCKET: "the connection broke",
  };
  return reasons[cause?.code ?? ""] ?? cause?.message ?? message ?? String(error);
}
