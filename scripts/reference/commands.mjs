/** A TypeScript module with the command of every operation: its words, arguments and flags, for pages that show a change as a command. */
export function commands({ operationEntries, flagsOf, preparations, fieldOf }) {
  const lines = operationEntries.map(([name, operation]) => {
    const { noun, verb, arguments: own = [] } = operation.cli;
    const positional = preparations[name]?.arguments?.map((argument) => argument.name) ?? own;
    const flags = flagsOf(name, operation).map(({ member, option }) => {
      const schema = operation.input.shape[member];
      if (schema === undefined) return [member, [option.long, "text"]];
      // the command reads from a file what the operation takes as a text
      const isRead = option.flags.endsWith("<file>") && schema.safeParse("text").success;
      return [member, [option.long, isRead ? "file" : fieldOf(schema).kind]];
    });
    const entry = { words: `${noun} ${verb}`, positional, flags: Object.fromEntries(flags) };
    return `  ${name}: ${JSON.stringify(entry)},`;
  });
  return `// Made from the commands by \`npm run gen\`.
import type { FieldKind } from "../../src/contract/field.ts";
import type { OperationName } from "../../src/contract/operations.ts";

export interface Command {
  words: string;
  positional: readonly string[];
  flags: Record<string, readonly [flag: string, kind: FieldKind | "file"]>;
}

export const commands = {
${lines.join("\n")}
} as unknown as Record<OperationName, Command>;
`;
}
