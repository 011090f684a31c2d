import { createPrivateKey, type KeyObject, X509Certificate } from "node:crypto";
import { readFile, stat } from "node:fs/promises";
import { resolve } from "node:path";
import { createSecureContext } from "node:tls";
import { ModelyardError } from "../contract/errors.ts";
import type { Clock } from "./clock.ts";
import type { Log } from "./log.ts";

/** Paths of a certificate with its chain, and of its private key, both PEM. */
export interface TlsFiles {
  cert: string;
  key: string;
}

/** What is in them. */
export interface TlsPair {
  cert: string;
  key: string;
}

const invalid = (file: string, reason: string) => new ModelyardError("tls-invalid", { file, reason });

/** The files that two variables name, relative to the current folder; undefined when neither is set. Error: tls-invalid, for one alone. */
export function tlsFilesOf(cert = "", key = ""): TlsFiles | undefined {
  if (cert === "" && key === "") return undefined;
  if (cert === "") throw invalid("MODELYARD_TLS_CERT", "it is not set, but MODELYARD_TLS_KEY is");
  if (key === "") throw invalid("MODELYARD_TLS_KEY", "it is not set, but MODELYARD_TLS_CERT is");
  return { cert: resolve(cert), key: resolve(key) };
}

/** Reads both files and makes sure that a server can use them. Error: tls-invalid, with the file and what is wrong. */
export async function readTlsPair(files: TlsFiles): Promise<TlsPair> {
  const [cert, key] = await Promise.all([readPem(files.cert), readPem(files.key)]);
  const certificate = attempt(files.cert, "it is no certificate in PEM", () => new X509Certificate(cert));
  const privateKey = readPrivateKey(files.key, key);
  if (!certificate.checkPrivateKey(privateKey)) throw invalid(files.key, `it is not the key of ${files.cert}`);
  attempt(files.cert, "it cannot be used", () => createSecureContext({ cert, key }));
  return { cert, key };
}

/** Why clients refuse a certificate at a time (epoch ms), for one whose time is over or has not come; null when they need not. */
export function outOfTime({ cert }: TlsPair, now: number): string | null {
  const { validFrom, validTo } = new X509Certificate(cert);
  if (Date.parse(validTo) < now) return `its time was over on ${validTo}`;
  return Date.parse(validFrom) > now ? `its time comes on ${validFrom}` : null;
}

async function readPem(path: string): Promise<string> {
  try {
    return await readFile(path, "utf8");
  } catch (error) {
    throw invalid(path, `it cannot be read (${(error as NodeJS.ErrnoException).code})`);
  }
}

function readPrivateKey(path: string, key: string): KeyObject {
  if (/ENCRYPTED/.test(key)) throw invalid(path, "it has a passphrase");
  return attempt(path, "it is no private key in PEM", () => createPrivateKey(key));
}

function attempt<Result>(path: string, problem: string, work: () => Result): Result {
  try {
    return work();
  } catch (error) {
    throw invalid(path, `${problem} (${(error as Error).message})`);
  }
}

/** How often the files are looked at. */
export const tlsLookMs = 5_000;

/** Reads the pair and follows its files, for who hands it on. Gives what tells the last good one. Error: tls-invalid, when there is none yet. */
export async function keepTlsPair(files: TlsFiles, clock: Clock, log: Log): Promise<() => TlsPair> {
  let pair = await readTlsPair(files);
  followTls(files, { pair, everyMs: tlsLookMs, clock }, log, (next) => {
    pair = next;
  });
  return () => pair;
}

/**
 * Looks every `everyMs` whether the files have changed, and gives a pair other than `pair` to `use`. A pair that does not fit, as between the writing of
 * the two, or that is out of its time while the one in use is not, is told once and looked at again. They are looked at, not watched: that also works for links that are
 * moved, as Kubernetes does it. Returns what ends it.
 */
export function followTls(
  files: TlsFiles,
  { pair: first, everyMs, clock }: { pair: TlsPair; everyMs: number; clock: Clock },
  log: Pick<Log, "info" | "error">,
  use: (pair: TlsPair) => void,
): () => void {
  let current = first;
  let known: string | undefined;
  let told: string | undefined;
  let looking = false;
  const look = async () => {
    const state = await stateOf(files);
    if (state === known) return;
    try {
      const pair = await readTlsPair(files);
      if (pair.cert !== current.cert || pair.key !== current.key) take(pair);
      known = state;
      told = undefined;
    } catch (error) {
      const reason = (error as Error).message;
      if (reason !== told) log.error({ reason }, "the new TLS certificate cannot be used; the one before goes on");
      told = reason;
    }
  };
  const take = (pair: TlsPair) => {
    const reason = outOfTime(pair, clock.now());
    if (reason !== null && outOfTime(current, clock.now()) === null) throw invalid(files.cert, reason);
    use(pair);
    current = pair;
    const { validTo } = new X509Certificate(pair.cert);
    log.info({ file: files.cert, validTo }, "the TLS certificate was read anew");
  };
  const timer = setInterval(() => {
    if (looking) return;
    looking = true;
    void look().finally(() => {
      looking = false;
    });
  }, everyMs);
  timer.unref();
  return () => clearInterval(timer);
}

/** Changes whenever one of the files does. */
async function stateOf({ cert, key }: TlsFiles): Promise<string> {
  const states = await Promise.all(
    [cert, key].map((path) =>
      stat(path).then(
        ({ ino, size, mtimeMs, ctimeMs }) => `${ino} ${size} ${mtimeMs} ${ctimeMs}`,
        (error: NodeJS.ErrnoException) => String(error.code),
      ),
    ),
  );
  return states.join("\n");
}
