import { Button, Group } from "@mantine/core";
import { ErrorCard } from "./error-card.tsx";
import { Page } from "./page.tsx";

/** What stands in place of a page that failed; all around it goes on. */
export function PageError({ error, reset }: { error: unknown; reset: () => void }) {
  return (
    <Page title="This page failed">
      <ErrorCard error={error} />
      <Group>
        <Button variant="default" onClick={reset}>
          Try again
        </Button>
      </Group>
    </Page>
  );
}
