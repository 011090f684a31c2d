import type { InputOf, OperationName } from "../../../src/contract/operations.ts";
import { commands } from "../commands.gen.ts";
import { shellWord } from "./shell-word.ts";

/**
 * An operation with its input as the command line takes it. Members that the command has other ways for, such as a path in place
 * of digests, are left out; a text that it reads from a file is handed over as bash and zsh do, so that nothing is left on the disk.
 */
export function commandOf<Name extends OperationName>(name: Name, input: InputOf<Name>): string {
  const { words, positional, flags } = commands[name];
  const given: Record<string, unknown> = { ...input };
  const values = positional.map((argument) => argumentOf(argument, given)).filter((value) => value !== undefined);
  const options: string[] = [];
  for (const [member, [flag, kind]] of Object.entries(flags)) {
    const value = given[member];
    if (positional.includes(member) || value === undefined || value === "" || value === false) continue;
    // nothing in place of a text takes it away
    if (value === null) options.push(flag, "''");
    else if (kind === "boolean") options.push(flag);
    else if (kind === "pairs")
      for (const [key, item] of Object.entries(value))
        options.push(flag, shellWord(`${key.replaceAll("=", "\\=")}=${item}`));
    else if (kind === "file") options.push(flag, `<(printf %s ${shellWord(String(value))})`);
    else for (const item of [value].flat()) options.push(flag, shellWord(String(item)));
  }
  const own = values.map((value) => shellWord(String(value)));
  // what begins with a dash would be taken for a flag
  const isOdd = values.some((value) => String(value).startsWith("-"));
  return ["modelyard", words, ...(isOdd ? [...options, "--", ...own] : [...own, ...options])].join(" ");
}

/** The value of an argument; a model and a data set are named by references, made of several members. */
function argumentOf(argument: string, given: Record<string, unknown>): unknown {
  const { name, version, digest } = given;
  if (given[argument] !== undefined) return given[argument];
  if (argument === "model") return version === undefined ? name : `${name}:${version}`;
  if (argument === "dataset") return digest === undefined ? name : `${name}@${digest}`;
  return undefined;
}
