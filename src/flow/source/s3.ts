import { type ListObject, S3mini, type S3ServiceError } from "s3mini";
import { ModelyardError } from "../../contract/errors.ts";
import { getWeb, unreadable, type Web } from "../web.ts";
import type { RemoteFile } from "./remote-file.ts";

/** Objects of one version, and bytes of an answer that lists some of them. */
const maxFiles = 10_000;
const listLimit = 64 << 20;

/** What the environment says of S3, as AWS's own tools read it; MLflow's name of the endpoint is known too. */
interface Account {
  accessKeyId: string;
  secretAccessKey: string;
  sessionToken: string | undefined;
  region: string;
  endpoint: string;
}

function readAccount(env: Record<string, string | undefined>): Account {
  const region = env.AWS_REGION || env.AWS_DEFAULT_REGION || "us-east-1";
  const endpoint = env.AWS_ENDPOINT_URL_S3 || env.AWS_ENDPOINT_URL || env.MLFLOW_S3_ENDPOINT_URL;
  return {
    // without keys requests are not signed: for buckets that anybody may read
    accessKeyId: env.AWS_ACCESS_KEY_ID ?? "",
    secretAccessKey: env.AWS_SECRET_ACCESS_KEY ?? "",
    sessionToken: env.AWS_SESSION_TOKEN || undefined,
    region,
    endpoint: endpoint?.replace(/\/+$/, "") ?? `https://s3.${region}.amazonaws.com`,
  };
}

/**
 * The objects that `s3://bucket/key` means: the object of that key, or all below it with their paths from there.
 * Throws source-unreadable, not-supported.
 */
export async function s3Files(place: string, env: Record<string, string | undefined>, web: Web): Promise<RemoteFile[]> {
  const [, bucket, key = ""] = /^s3[an]?:\/\/([A-Za-z0-9][\w.-]{1,254})(?:\/(.*))?$/s.exec(place) ?? [];
  if (bucket === undefined)
    throw new ModelyardError("not-supported", { what: `${place} names no bucket`, instead: "Write s3://BUCKET/KEY." });
  const account = readAccount(env);
  const store = openBucket(account, bucket, place, web);
  const name = key.replace(/\/+$/, "");
  const root = name === "" ? "" : `${name}/`;
  const below = (await list(store, root, maxFiles + 1, place)).filter(({ Key }) => !Key.endsWith("/"));
  const [exact] = below.length > 0 || name === "" ? [] : await list(store, name, 1, place);
  if (below.length > maxFiles) throw unreadable(place, `there are more than ${maxFiles} objects`);
  const found = exact?.Key === name ? [exact] : below;
  if (found.length === 0) throw unreadable(place, "there is nothing");
  return found.map(({ Key, Size }) => ({
    path: exact === undefined ? Key.slice(root.length) : (Key.split("/").at(-1) ?? Key),
    size: Size,
    bytes: () => read(store, Key, place),
  }));
}

/** s3mini with requests that are bounded in time and size. Addresses are path-style: they fit every S3 server. */
function openBucket(account: Account, bucket: string, place: string, web: Web): S3mini {
  const { sessionToken, endpoint, ...keys } = account;
  const address = `${endpoint}/${bucket}`;
  const send = async (url: string, headers: Record<string, string>) => {
    const answer = await getWeb(web, url, headers);
    const { status } = answer;
    if (status >= 300 && status < 400) {
      const region = answer.headers.get("x-amz-bucket-region");
      throw unreadable(place, `the bucket is elsewhere${region === null ? "" : `; set AWS_REGION=${region}`}`);
    }
    if (status === 403 && keys.accessKeyId === "")
      throw unreadable(place, "it is not public, and AWS_ACCESS_KEY_ID is not set");
    const limit = Number(answer.headers.get("content-length") ?? listLimit);
    return new Response(ReadableStream.from(answer.bytes(limit)), { status, headers: answer.headers });
  };
  const store: S3mini = new S3mini({
    ...keys,
    endpoint: address,
    fetch: (async (url: string, { headers }: { headers: Record<string, string> }) => {
      if (sessionToken === undefined) return send(url, headers);
      // s3mini signs no session token; an address that is signed as a whole carries it
      const { pathname, searchParams } = new URL(url);
      const key = decodeURIComponent(pathname.slice(new URL(address).pathname.length));
      const query = { ...Object.fromEntries(searchParams), "X-Amz-Security-Token": sessionToken };
      return send(await store.getPresignedUrl("GET", key, 300, query), {});
    }) as unknown as typeof fetch,
  });
  return store;
}

async function list(store: S3mini, prefix: string, most: number, place: string): Promise<ListObject[]> {
  try {
    return (await store.listObjects("/", prefix, most)) ?? [];
  } catch (error) {
    throw told(error, place);
  }
}

async function* read(store: S3mini, key: string, place: string): AsyncGenerator<Uint8Array> {
  try {
    const answer = await store.getObjectResponse(key);
    if (answer === null) throw unreadable(place, `${key} is not there any more`);
    yield* (answer.body ?? []) as AsyncIterable<Uint8Array>;
  } catch (error) {
    throw told(error, place);
  }
}

/** What s3mini throws, without the headers and bodies it keeps. */
function told(error: unknown, place: string): unknown {
  if (error instanceof ModelyardError) return error;
  const { name, status, serviceCode, message } = error as S3ServiceError;
  if (name === "AbortError") return error;
  return unreadable(place, status === undefined ? message : `it answers ${status} ${serviceCode ?? ""}`.trim());
}
