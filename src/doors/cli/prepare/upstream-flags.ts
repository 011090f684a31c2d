import { resolve } from "node:path";
import { Option } from "commander";
import { ModelyardError } from "../../../contract/errors.ts";
import { type Upstream, upstreamSchema, upstreamShape } from "../../../contract/upstream.ts";
import type { Flag } from "../flags.ts";
import type { Given } from "../preparation.ts";
import type { Tools } from "../tools.ts";

const flag = (member: string, flags: string, description = ""): Flag => ({
  member,
  option: new Option(flags, description),
  read: (value) => value,
});
const described = (member: keyof typeof upstreamShape): string => upstreamShape[member].description ?? "";

/** The flags that say which server answers in place of a worker. */
export const upstreamFlags: readonly Flag[] = [
  flag("upstream", "--upstream <url>", "Address of a server that answers in place of a worker"),
  flag(
    "command",
    "--command <words>",
    "Instead of --upstream: the command line of a server that is started for each replica; {port} is where it must listen, {model} the folder of the model",
  ),
  flag("health", "--health <path>", `${described("health")} (default: /health)`),
  flag("score", "--score <path>", `${described("score")} (default: /score)`),
  flag("authorizationFile", "--authorization-file <file>", described("authorizationFile")),
];

/** The other values that were given. */
export function withoutUpstreamFlags(given: Given): Given {
  const members = upstreamFlags.map(({ member }) => member);
  return Object.fromEntries(Object.entries(given).filter(([member]) => !members.includes(member)));
}

/** The server that the flags name; undefined when they name none. Error: invalid-input. */
export function givenUpstream(given: Given, { system }: Pick<Tools, "system">): Upstream | undefined {
  const {
    upstream: url,
    command,
    health,
    score,
    authorizationFile: file,
  } = given as Record<string, string | undefined>;
  const isNamed = url !== undefined || command !== undefined;
  const others = Object.entries({ "--health": health, "--score": score, "--authorization-file": file });
  const [lonely] = others.find(([, value]) => value !== undefined) ?? [];
  if (!isNamed && lonely !== undefined)
    throw new ModelyardError("invalid-input", { problems: `${lonely} needs --upstream or --command` });
  if (!isNamed) return undefined;
  const authorizationFile = file === undefined ? undefined : resolve(system.cwd, file);
  const parsed = upstreamSchema.safeParse({
    ...{ url, command: command === undefined ? undefined : wordsOf(command), health, score, authorizationFile },
  });
  if (parsed.success) return parsed.data;
  const problems = parsed.error.issues.map(({ path: [member], message }) => {
    if (member === undefined) return "--upstream and --command exclude each other";
    return `--${member === "url" ? "upstream" : String(member)}: ${message}`;
  });
  throw new ModelyardError("invalid-input", { problems });
}

/** A command line as words: at spaces, but for what stands between quotes. Nothing is expanded. Error: invalid-input. */
export function wordsOf(line: string): string[] {
  const word = /\s*((?:"[^"]*"|'[^']*'|[^\s"'])+)\s*/y;
  const words: string[] = [];
  while (word.lastIndex < line.length) {
    const [, found] = word.exec(line) ?? [];
    if (found === undefined)
      throw new ModelyardError("invalid-input", { problems: "--command has a quote without its end" });
    words.push(found.replace(/"([^"]*)"|'([^']*)'/g, (_, double?: string, single?: string) => double ?? single ?? ""));
  }
  return words;
}
