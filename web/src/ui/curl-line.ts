import { toWireRequest } from "../../../src/client/request.ts";
import type { InputOf, OperationName } from "../../../src/contract/operations.ts";
import { wireOperations } from "../../../src/contract/wire-operations.gen.ts";
import { shellWord } from "./shell-word.ts";

const authorization = `-H "Authorization: Bearer $MODELYARD_TOKEN"`;

/**
 * An operation with its input as a request of curl to the server at `origin`. The token stays in the environment: a command that is copied
 * carries no secret.
 */
export function curlOf<Name extends OperationName>(name: Name, input: InputOf<Name>, origin: string): string {
  const { method, url, json } = toWireRequest(wireOperations[name], origin, { ...input });
  const parts = ["curl -sS", ...(method === "GET" ? [] : ["-X", method]), shellWord(url), authorization];
  if (json !== undefined) parts.push(`-H 'Content-Type: application/json'`, "-d", shellWord(json));
  return parts.join(" ");
}

/** Files as curl downloads them, into the folder that `model download` makes too. */
export function curlOfFiles(
  { name, version, files }: { name: string; version: number; files: readonly { path: string }[] },
  origin: string,
): string {
  const downloads = files.map(({ path }) => {
    const { url } = toWireRequest(wireOperations.downloadFile, origin, { name, version, path });
    return `-o ${shellWord(`${name}-${version}/${path}`)} ${shellWord(url)}`;
  });
  return ["curl -sS --fail --create-dirs", authorization, ...downloads].join(" ");
}
