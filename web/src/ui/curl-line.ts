import { toWireRequest } from "../../../src/client/request.ts";
import type { InputOf, OperationName } from "../../../src/contract/operations.ts";
import { wireOperations } from "../../../src/contract/wire-operations.gen.ts";
import { shellWord } from "./shell-word.ts";

/** An operation with its input as a request of curl. The token stays in the environment: a command that is copied carries no secret. */
export function curlOf<Name extends OperationName>(name: Name, input: InputOf<Name>): string {
  const { method, url, json } = toWireRequest(wireOperations[name], window.location.origin, { ...input });
  const parts = ["curl -sS", ...(method === "GET" ? [] : ["-X", method]), shellWord(url)];
  parts.push(`-H "Authorization: Bearer $MODELYARD_TOKEN"`);
  if (json !== undefined) parts.push(`-H 'Content-Type: application/json'`, "-d", shellWord(json));
  return parts.join(" ");
}
