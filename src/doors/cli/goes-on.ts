import { ModelyardError } from "../../contract/errors.ts";
import type { OperationName } from "../../contract/operations.ts";
import type { Given } from "./preparation.ts";
import type { Tools } from "./tools.ts";

const texts: { [Name in OperationName]?: (name: string) => string } = {
  deployService: (name) => `\`modelyard service delete ${name}\` ends the deployment once its image is built.`,
  updateService: change("update"),
  rollBackService: change("rollback"),
  startService: (name) => `\`modelyard service stop ${name}\` ends the start.`,
};

function change(what: string) {
  return (name: string) =>
    `\`modelyard service history ${name}\` shows how the ${what} ends. \`modelyard service stop ${name}\` ends it, and stops the service.`;
}

/** What ends that which goes on at the server after its command was interrupted; undefined where nothing does. */
export function goesOn(operation: OperationName, { name, dryRun }: Given): string | undefined {
  return dryRun === true ? undefined : texts[operation]?.(String(name));
}

/** The last words of a command that was interrupted, in the form of every error for programs. */
export function interruptedText({ json }: Pick<Tools, "json">, next: string): string {
  const error = new ModelyardError("interrupted", { next });
  return json ? JSON.stringify({ error: error.toPublic() }) : `${error.message}. ${error.fix}`;
}
