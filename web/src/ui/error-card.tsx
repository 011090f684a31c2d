import { Alert, Anchor, Code, Text } from "@mantine/core";
import { ModelyardError } from "../../../src/contract/errors.ts";

/** An error as the command line tells it: what happened, how to fix it, and the page of its code. */
export function ErrorCard({ error }: { error: unknown }) {
  const known = error instanceof ModelyardError ? error : undefined;
  // a revision that fails tells the end of its log below what happened
  const [title = "", ...log] = known?.message.split("\n") ?? ["This page met a bug"];
  return (
    <Alert color="red" variant="light" title={withCode(title)} role="alert">
      {known === undefined ? (
        <Code block>{error instanceof Error ? error.message : String(error)}</Code>
      ) : (
        <>
          {log.length === 0 ? null : (
            <Code block mah="20rem" mb="xs" style={{ overflow: "auto" }} tabIndex={0} role="region" aria-label="Log">
              {log.join("\n")}
            </Code>
          )}
          <Text size="sm">{withCode(known.fix)}</Text>
          <Anchor size="sm" href={`/docs/errors/${known.code}`}>
            {known.code}
          </Anchor>
        </>
      )}
    </Alert>
  );
}

/** What stands between backquotes is a command or a name. */
const withCode = (text: string) =>
  // biome-ignore lint/suspicious/noArrayIndexKey: parts of one text
  text.split("`").map((part, place) => (place % 2 === 1 ? <Code key={place}>{part}</Code> : part));
