import { page, table } from "./markdown.mjs";

/** Every error code with its status and exit code; the pages beside it say what to do. */
export function errorsPage({ errorTable, exitCodeOf, ModelyardError }) {
  const rows = Object.entries(errorTable).map(([code, { status, message }]) => [
    `[\`${code}\`](../errors/${code}.md)`,
    status,
    exitCodeOf(new ModelyardError(code)),
    message,
  ]);
  return page(
    "# Errors",
    'An error is the same over HTTP and in the CLI with `--json`: `{"error":{"code","message","fix","docs","requestId"}}`. Programs look at `code`, which stays; the text may get better.',
    "The CLI ends with the [exit code](../guide/exit-codes.md) of the error. A running server shows each page at `/docs/errors/<code>`.",
    table(["Code", "HTTP status", "Exit code", "Message"], rows),
  );
}
