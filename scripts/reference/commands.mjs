/** A TypeScript module with the command of every operation: its words, arguments and flags, for pages that show a change as a command. */
export function commands({ operationEntries, flagsOf, preparations, fieldOf }) {
  const lines = operationEntries.map(([name, operation]) => {
    const { noun, verb, arguments: own = [] } = operation.cli;
    const positional = preparations[name]?.arguments?.map((argument) => argument.name) ?? own;
    const flags = flagsOf(name, operation).map(({ member, option }) => {
      const schema = operation.input.shape[member];
      return [member, [option.long, schema === undefined ? "text" : fieldOf(schema).kind]];
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
  flags: Record<string, readonly [flag: string, kind: FieldKind]>;
}

export const commands = {
${lines.join("\n")}
} as unknown as Record<OperationName, Command>;
`;
}
