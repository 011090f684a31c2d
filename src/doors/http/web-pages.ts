import { open } from "node:fs/promises";
import { extname, join } from "node:path";
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { ModelyardError } from "../../contract/errors.ts";
import { readTextIfAny } from "../../kernel/files.ts";
import { newNonce } from "../../kernel/ids.ts";
import { pageHeaders } from "./page-headers.ts";

/** First parts of the paths that the web pages divide among themselves. */
const pages = ["sign-in", "register", "use", "monitor", "update", "settings"];

/** Files that the build may write. Others are not there, whatever the folder holds. */
const types: Record<string, string> = {
  ".js": "text/javascript; charset=utf-8",
  ".css": "text/css; charset=utf-8",
  ".svg": "image/svg+xml",
  ".png": "image/png",
  ".woff2": "font/woff2",
  ".json": "application/json",
};

const encodings = [
  ["br", ".br"],
  ["gzip", ".gz"],
] as const;

type SendPage = (request: FastifyRequest, reply: FastifyReply) => Promise<FastifyReply>;

/**
 * The web pages: one document under all their paths, and the files it loads. `folder` is what the build made of `web`; it may be missing.
 * Gives what sends the document under any other path, where it tells that there is no such page.
 */
export function addWebPages(app: FastifyInstance, { folder }: { folder: string }): SendPage {
  const page: SendPage = async (request, reply) => {
    const html = await readTextIfAny(join(folder, "index.html"));
    if (html === undefined) {
      if (request.url === "/") return reply.redirect("/docs");
      throw notFound(request);
    }
    const nonce = newNonce();
    return reply.headers(pageHeaders(nonce)).send(html.replaceAll("{{nonce}}", nonce));
  };
  app.get("/", page);
  for (const name of pages) {
    app.get(`/${name}`, page);
    app.get(`/${name}/*`, page);
  }
  // names of assets hold the digest of their content: what a name means never changes
  const lasting = "public, max-age=31536000, immutable";
  app.get<{ Params: { "*": string } }>("/assets/*", (request, reply) =>
    sendFile(join(folder, "assets"), request.params["*"], lasting, request, reply),
  );
  app.get("/icon.svg", (request, reply) => sendFile(folder, "icon.svg", "public, max-age=3600", request, reply));
  return page;
}

const notFound = ({ method, url }: FastifyRequest) =>
  new ModelyardError("route-not-found", { method, path: url.split("?", 1)[0] });

/** Sends a file below a folder, in the smallest form that is there and is understood. Names are plain parts between slashes, so none leads out. */
async function sendFile(
  folder: string,
  name: string,
  caching: string,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<FastifyReply> {
  const type = types[extname(name)];
  if (type === undefined || !/^[\w-][\w.-]*(\/[\w-][\w.-]*)*$/.test(name)) throw notFound(request);
  const accepted = acceptedEncodings(request.headers["accept-encoding"]);
  const forms = [...encodings.filter(([encoding]) => accepted.has(encoding)), [undefined, ""] as const];
  for (const [encoding, suffix] of forms) {
    const file = await openFile(join(folder, `${name}${suffix}`));
    if (file === undefined) continue;
    reply.headers({ "content-type": type, "cache-control": caching, vary: "accept-encoding" });
    reply.header("content-length", file.size);
    if (encoding !== undefined) reply.header("content-encoding", encoding);
    return reply.send(file.handle.createReadStream());
  }
  throw notFound(request);
}

/** Encodings that a header names with a weight above 0 (RFC 9110 §12.5.3). */
function acceptedEncodings(header: string | string[] | undefined): Set<string> {
  const offers = [header].flat().join(",").toLowerCase().split(",");
  return new Set(
    offers.filter((offer) => !/;\s*q=0(\.0*)?\s*$/.test(offer)).map((offer) => offer.split(";", 1)[0]?.trim() ?? ""),
  );
}

/** A plain file, opened; undefined for what is none. */
async function openFile(path: string) {
  const handle = await open(path).catch(() => undefined);
  if (handle === undefined) return undefined;
  const stat = await handle.stat();
  if (stat.isFile()) return { handle, size: stat.size };
  await handle.close();
  return undefined;
}
