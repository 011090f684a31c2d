import type { OperationName } from "../../contract/operations.ts";
import type { Given } from "./preparation.ts";

const texts: { [Name in OperationName]?: (name: string) => string } = {
  deployService: (name) =>
    `The deployment goes on at the server. \`modelyard service delete ${name}\` ends it once its image is built.`,
  updateService: change("update"),
  rollBackService: change("rollback"),
  startService: (name) => `The start goes on at the server. \`modelyard service stop ${name}\` ends it.`,
};

function change(what: string) {
  return (name: string) =>
    `The ${what} goes on at the server: \`modelyard service history ${name}\` shows how it ends. \`modelyard service stop ${name}\` ends it, and stops the service.`;
}

/** What goes on at the server after its command was interrupted, and what ends it; undefined where nothing does. */
export function goesOn(operation: OperationName, { name, dryRun }: Given): string | undefined {
  return dryRun === true ? undefined : texts[operation]?.(String(name));
}
