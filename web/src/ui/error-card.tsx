import { Alert, Anchor, Code, Text } from "@mantine/core";
import { ModelyardError } from "../../../src/contract/errors.ts";

/** An error as the command line tells it: what happened, how to fix it, and the page of its code. */
export function ErrorCard({ error }: { error: unknown }) {
  const known = error instanceof ModelyardError ? error : undefined;
  // what a program wrote before it failed stands below the first line
  const [what, ...lines] = known?.message.split("\n") ?? [];
  return (
    <Alert color="red" variant="light" title={what ?? "This page met a bug"} role="alert">
      {known === undefined ? (
        <Code block>{error instanceof Error ? error.message : String(error)}</Code>
      ) : (
        <>
          <Text size="sm">
            {known.fix.split("`").map((part, place) =>
              // biome-ignore lint/suspicious/noArrayIndexKey: parts of one text
              place % 2 === 1 ? <Code key={place}>{part}</Code> : part,
            )}
          </Text>
          <Anchor size="sm" href={`/docs/errors/${known.code}`}>
            {known.code}
          </Anchor>
          {lines.length === 0 ? null : (
            <Code block mt="xs" mah="40vh" tabIndex={0} style={{ whiteSpace: "pre-wrap", overflow: "auto" }}>
              {lines.join("\n")}
            </Code>
          )}
        </>
      )}
    </Alert>
  );
}
