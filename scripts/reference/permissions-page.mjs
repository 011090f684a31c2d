import { commandsOf } from "./cli-page.mjs";
import { page, table } from "./markdown.mjs";

/** Which role may do what: one row for each operation. */
export function permissionsPage(sources) {
  const { operationEntries, roleIncludes, roles } = sources;
  const commands = new Set(commandsOf(sources).map(([name]) => name));
  const rows = operationEntries.map(([, { id, summary, method, path, role, cli }]) => [
    `\`${id}\``,
    summary,
    `\`${method} /api/v1${path}\``,
    commands.has(`${cli.noun} ${cli.verb}`) ? `\`${cli.noun} ${cli.verb}\`` : "",
    ...roles.map((one) => (roleIncludes(one, role) ? "yes" : "")),
  ]);
  return page(
    "# Permissions",
    "A token carries one role. Each role may do all that the ones left of it may. A test refuses every operation to every lesser role.",
    "The keys of a service are no tokens: a key is good for scoring that service and for nothing else.",
    table(["Operation", "What it does", "HTTP", "CLI", ...roles], rows),
  );
}
