import { useEffect, useMemo, useSyncExternalStore } from "react";
import type { InputOf } from "../../../../src/contract/operations.ts";
import { client } from "../../api.ts";
import { makeRecordFeed, type RecordFeed } from "./record-feed.ts";
import { makeRowOf, type RecordRow } from "./record-row.ts";

export type RecordFilter = Omit<InputOf<"listRecords">, "pageSize" | "pageToken">;

const pageSize = 1_000;
const pollMs = 5_000;

export interface Kept {
  key: string;
  feed: RecordFeed<RecordRow>;
  /** Where the reader was, in pixels. */
  offset: number;
}

/** The last feed stays: who comes back from a record finds the list as it was left. */
let kept: Kept | undefined;

/** After records were erased: the list is fetched anew. */
export const forgetFeed = (): void => {
  kept = undefined;
};

function feedOf(filter: RecordFilter): Kept {
  const key = JSON.stringify(filter);
  if (kept?.key === key) return kept;
  const rowOf = makeRowOf();
  const feed = makeRecordFeed(async (pageToken) => {
    const page = await client.listRecords({ ...filter, pageSize, ...(pageToken === undefined ? {} : { pageToken }) });
    return { ...page, items: page.items.map(rowOf) };
  });
  kept = { key, feed, offset: 0 };
  return kept;
}

/** The records that match, with a look every five seconds for new ones. */
export function useRecordFeed(filter: RecordFilter) {
  const key = JSON.stringify(filter);
  // biome-ignore lint/correctness/useExhaustiveDependencies: the key is the filter's content
  const held = useMemo(() => feedOf(filter), [key]);
  const { feed } = held;
  const state = useSyncExternalStore(feed.subscribe, feed.state);
  useEffect(() => {
    if (feed.state().records.length === 0) void feed.loadMore();
    // a look that fails is looked again: what is shown stays
    const look = () => void feed.poll().catch(() => {});
    look();
    const timer = setInterval(look, pollMs);
    return () => clearInterval(timer);
  }, [feed]);
  return { state, held };
}
