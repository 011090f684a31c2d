import { Button } from "@mantine/core";

/** The way to the next page of a list, where there is one. */
export function More({ hasMore, pending, onMore }: { hasMore: boolean; pending: boolean; onMore: () => void }) {
  return hasMore ? (
    <Button variant="default" loading={pending} onClick={onMore} w="fit-content">
      Show more
    </Button>
  ) : null;
}
