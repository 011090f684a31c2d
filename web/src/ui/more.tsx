import { Button } from "@mantine/core";
import type { UseInfiniteQueryResult } from "@tanstack/react-query";

/** The way to the next page of a list, where there is one. */
export function More({
  of,
}: {
  of: Pick<UseInfiniteQueryResult, "hasNextPage" | "isFetchingNextPage" | "fetchNextPage">;
}) {
  return of.hasNextPage ? (
    <Button variant="default" loading={of.isFetchingNextPage} onClick={() => void of.fetchNextPage()} w="fit-content">
      Show more
    </Button>
  ) : null;
}
