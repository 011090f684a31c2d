import { getWeb, redirectOf, shown, unreadable, type Web, type WebAnswer } from "../web.ts";
import type { RemoteFile } from "./remote-file.ts";

/** Bytes of a file whose size the server does not tell. */
const untoldLimit = 2 ** 40;
/** Bytes of an answer that only points elsewhere. */
const answerLimit = 1 << 20;

const maxRedirects = 5;

/** The one file at an address of the web. Redirects are followed where they stay with http and https, and never from https to http. */
export async function webFile(url: string, web: Web): Promise<RemoteFile> {
  const answer = await follow(url, web, maxRedirects);
  if (answer.status !== 200) throw unreadable(shown(url), `it answers ${answer.status}`);
  const told = answer.headers.get("content-encoding") === null ? answer.headers.get("content-length") : null;
  const size = told === null ? undefined : Number(told);
  const name = decoded(new URL(url).pathname.split("/").at(-1) ?? "");
  return { path: name === "" ? "model" : name, size, bytes: () => answer.bytes(size ?? untoldLimit) };
}

async function follow(url: string, web: Web, left: number): Promise<WebAnswer> {
  const answer = await getWeb(web, url);
  const next = redirectOf(answer, url);
  if (next === undefined) return answer;
  const { protocol } = new URL(next);
  const isFit = protocol === "https:" || protocol === new URL(url).protocol;
  if (left === 0 || !isFit) throw unreadable(shown(url), `it points to ${shown(next)}, which is not followed`);
  await answer.text(answerLimit);
  return follow(next, web, left - 1);
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
