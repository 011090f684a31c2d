/** A TypeScript module with what clients need of every operation to call it. */
export function wireOperations({ operationEntries }) {
  const lines = operationEntries.map(([name, { id, step, method, path, role, body, answer }]) => {
    const entry = { id, step, method, path, role, body, answer };
    return `  ${name}: ${JSON.stringify(entry)},`;
  });
  return `// Made from the contract by \`npm run gen\`.
import type { OperationName } from "./operations.ts";
import type { WireOperation } from "./wire-operation.ts";

export const wireOperations: Record<OperationName, WireOperation> = {
${lines.join("\n")}
};
`;
}
