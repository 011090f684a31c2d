import { toWireRequest } from "../../../src/client/request.ts";
import type { InputOf, OperationName } from "../../../src/contract/operations.ts";
import { wireOperations } from "../../../src/contract/wire-operations.gen.ts";
import { commands } from "../commands.gen.ts";
import { shellWord } from "./shell-word.ts";

/**
 * An operation with its input as the command line takes it. Members that the command has other ways for, such as a path in place
 * of digests, are left out.
 */
export function commandOf<Name extends OperationName>(name: Name, input: InputOf<Name>): string {
  const { words, positional, flags } = commands[name];
  const given: Record<string, unknown> = { ...input };
  const parts = ["modelyard", words];
  for (const argument of positional) {
    const value = argument === "model" && given.model === undefined ? referenceOf(given) : given[argument];
    if (value !== undefined) parts.push(shellWord(String(value)));
    delete given[argument];
  }
  for (const [member, [flag, kind]] of Object.entries(flags)) {
    const value = given[member];
    if (value === undefined || value === null || value === "" || value === false) continue;
    if (kind === "boolean") parts.push(flag);
    else if (kind === "pairs")
      for (const [key, item] of Object.entries(value)) parts.push(flag, shellWord(`${key}=${item}`));
    else for (const item of [value].flat()) parts.push(flag, shellWord(String(item)));
  }
  return parts.join(" ");
}

const referenceOf = ({ name, version }: Record<string, unknown>): unknown =>
  version === undefined ? name : `${name}:${version}`;

/** An operation with its input as a request of curl. The token stays in the environment: a command that is copied carries no secret. */
export function curlOf<Name extends OperationName>(name: Name, input: InputOf<Name>): string {
  const { method, url, json } = toWireRequest(wireOperations[name], window.location.origin, { ...input });
  const parts = ["curl -sS", ...(method === "GET" ? [] : ["-X", method]), shellWord(url)];
  parts.push(`-H "Authorization: Bearer $MODELYARD_TOKEN"`);
  if (json !== undefined) parts.push(`-H 'Content-Type: application/json'`, "-d", shellWord(json));
  return parts.join(" ");
}
