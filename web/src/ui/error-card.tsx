import { Alert, Anchor, Code, Group, Text } from "@mantine/core";
import { type ErrorCode, ModelyardError } from "../../../src/contract/errors.ts";
import { TextLink } from "./links.tsx";

/** Where what there is stands in a list, by the code that says that one of it is not there. */
const lists: Partial<
  Record<ErrorCode, readonly [to: "/use" | "/register" | "/monitor/alerts" | "/monitor/datasets", label: string]>
> = {
  "service-not-found": ["/use", "All services"],
  "model-not-found": ["/register", "All models"],
  "alert-not-found": ["/monitor/alerts", "All alerts"],
  "dataset-not-found": ["/monitor/datasets", "All data sets"],
};

/** An error as the command line tells it: what happened, how to fix it, and the page of its code. */
export function ErrorCard({ error }: { error: unknown }) {
  const known = error instanceof ModelyardError ? error : undefined;
  const list = known && lists[known.code];
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
          <Group gap="md">
            {list === undefined ? null : (
              <TextLink size="sm" to={list[0]}>
                {list[1]}
              </TextLink>
            )}
            <Anchor size="sm" href={`/docs/errors/${known.code}`}>
              {known.code}
            </Anchor>
          </Group>
        </>
      )}
    </Alert>
  );
}

/** What stands between backquotes is a command or a name. */
const withCode = (text: string) =>
  // biome-ignore lint/suspicious/noArrayIndexKey: parts of one text
  text.split("`").map((part, place) => (place % 2 === 1 ? <Code key={place}>{part}</Code> : part));
